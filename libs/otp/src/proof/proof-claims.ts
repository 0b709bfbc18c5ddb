/** What a right code proved. */
export interface ProofClaims {
  /** E.164; verified (OpenID Connect Core 1.0 §5.1). */
  readonly phoneNumber: string;
  readonly purpose: string;
  /** The application's id of the account, where the challenge had one. */
  readonly subject: string | undefined;
  /** RFC 8176: `sms`. */
  readonly amr: readonly string[];
  /** Hash of the details that the code stood for (amount, payee); base64url, SHA-256. */
  readonly binding?: string | undefined;
  /** Hash of the route, field or event that the code was asked for; base64url, SHA-256. */
  readonly action?: string | undefined;
}

export interface VerifiedOtp extends ProofClaims {
  /** Unique id of the proof. */
  readonly id: string;
  /** When the code was entered, seconds since the Unix epoch. */
  readonly authTime: number;
  /** Seconds since the Unix epoch. */
  readonly expiresAt: number;
  /** Who may rely on it: the store's namespace, then the purpose's `audience`. */
  readonly audience: readonly string[];
}

/** Claims that every proof has, beside `iss` and `aud`. */
export const REQUIRED_CLAIMS = [
  'phone_number',
  'phone_number_verified',
  'purpose',
  'amr',
  'auth_time',
  'iat',
  'exp',
  'jti',
];

export function writeClaims(otp: VerifiedOtp, issuer: string) {
  return {
    iss: issuer,
    aud: [...otp.audience],
    ...(otp.subject === undefined ? {} : { sub: otp.subject }),
    phone_number: otp.phoneNumber,
    phone_number_verified: true,
    purpose: otp.purpose,
    ...(otp.binding === undefined ? {} : { binding: otp.binding }),
    ...(otp.action === undefined ? {} : { action: otp.action }),
    amr: [...otp.amr],
    auth_time: otp.authTime,
    iat: otp.authTime,
    exp: otp.expiresAt,
    jti: otp.id,
  };
}

/** What a proof says, by the names of its JWT. */
export type WrittenClaims = ReturnType<typeof writeClaims>;

/** The proof of a payload whose signature, issuer, audience and expiry are right; `undefined` when a claim is not what we write. */
export function readClaims(payload: Readonly<Record<string, unknown>>, latest: number): VerifiedOtp | undefined {
  const { phone_number: phoneNumber, phone_number_verified: verified, purpose, sub, aud, amr, jti, iat, exp } = payload;
  const { auth_time: authTime, binding, action } = payload;
  const audience = typeof aud === 'string' ? [aud] : aud;
  if (
    typeof phoneNumber !== 'string' ||
    verified !== true ||
    typeof purpose !== 'string' ||
    (sub !== undefined && typeof sub !== 'string') ||
    !isHashOrAbsent(binding) ||
    !isHashOrAbsent(action) ||
    !isTextList(audience) ||
    !isTextList(amr) ||
    typeof jti !== 'string' ||
    !isPast(iat, latest) ||
    !isPast(authTime, latest) ||
    typeof exp !== 'number'
  ) {
    return undefined;
  }
  return { phoneNumber, purpose, subject: sub, amr, binding, action, id: jti, authTime, expiresAt: exp, audience };
}

/** RFC 7519 leaves a time of issue in the future to the application; a proof from there would outlive every bound on its age. */
function isPast(time: unknown, latest: number): time is number {
  return typeof time === 'number' && time <= latest;
}

/** A base64url SHA-256. */
const HASH = /^[A-Za-z0-9_-]{43}$/;

function isHashOrAbsent(value: unknown): value is string | undefined {
  return value === undefined || (typeof value === 'string' && HASH.test(value));
}

function isTextList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'string');
}
