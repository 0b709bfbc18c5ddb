/** Who is signed in. The full number is never kept: nothing here needs it. */
export interface Session {
  /** Country code and last two digits, e.g. `+31*******78`. */
  readonly phoneNumber: string;
  /** ISO 8601, UTC. */
  readonly signedInAt: string;
}

/** After this a person signs in again, whatever they did meanwhile. */
export const SESSION_TTL_SECONDS = 30 * 60;
