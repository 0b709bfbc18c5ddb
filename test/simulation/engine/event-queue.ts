interface Entry<T> {
  readonly at: number;
  readonly order: number;
  readonly item: T;
}

/** A binary heap: the earliest first, and of two at the same time the one that was added first. */
export class EventQueue<T> {
  private readonly heap: Entry<T>[] = [];
  private added = 0;

  add(at: number, item: T): void {
    this.added += 1;
    const entry = { at, order: this.added, item };
    let place = this.heap.push(entry) - 1;
    while (place > 0) {
      const parentPlace = (place - 1) >> 1;
      const parent = this.heap[parentPlace];
      if (parent === undefined || isBefore(parent, entry)) {
        break;
      }
      this.heap[place] = parent;
      place = parentPlace;
    }
    this.heap[place] = entry;
  }

  takeFirst(): { readonly at: number; readonly item: T } | undefined {
    const first = this.heap[0];
    const last = this.heap.pop();
    if (first !== undefined && last !== undefined && this.heap.length > 0) {
      this.sink(last);
    }
    return first;
  }

  private sink(entry: Entry<T>): void {
    let place = 0;
    for (;;) {
      const left = this.heap[2 * place + 1];
      const right = this.heap[2 * place + 2];
      const child = left !== undefined && right !== undefined && isBefore(right, left) ? right : left;
      if (child === undefined || isBefore(entry, child)) {
        break;
      }
      this.heap[place] = child;
      place = child === left ? 2 * place + 1 : 2 * place + 2;
    }
    this.heap[place] = entry;
  }
}

function isBefore<T>(one: Entry<T>, other: Entry<T>): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}
