export interface AttackCase {
  readonly number: number;
  readonly title: string;
  readonly reason?: string;
}

export interface AttackRow extends AttackCase {
  readonly tests: number;
  readonly requests: number;
  readonly tried: number;
  readonly through: number;
  readonly allowed: number;
  readonly failed: number;
}

export function tally(cases: readonly AttackCase[], report: object): AttackRow[];
export function held(row: AttackRow): boolean;
export function tableOf(rows: readonly AttackRow[]): string[];
