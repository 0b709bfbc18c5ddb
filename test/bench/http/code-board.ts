const PLACES = 1 << 16;

/** Codes that the server's thread has sent, for the thread that asks: memory of both, which costs the server nothing. */
export class CodeBoard {
  private readonly places: Int32Array;

  constructor(readonly memory = new SharedArrayBuffer(PLACES * Int32Array.BYTES_PER_ELEMENT)) {
    this.places = new Int32Array(memory);
  }

  put(number: string, code: string): void {
    this.places[placeOf(number)] = Number(code);
  }

  codeTo(number: string): string {
    return String(this.places[placeOf(number)]).padStart(6, '0');
  }
}

/** Far fewer numbers than places wait for their code at once. */
function placeOf(number: string): number {
  return Number(number.slice(-7)) % PLACES;
}
