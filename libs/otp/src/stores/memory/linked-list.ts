export interface Linked<T extends Linked<T>> {
  /** The list that it is in. */
  list: LinkedList<T> | undefined;
  older: T | undefined;
  newer: T | undefined;
}

/** A `Map` has an order too, but finding its first key is slow where many before it were deleted. */
export class LinkedList<T extends Linked<T>> {
  oldest: T | undefined;
  private newest: T | undefined;

  append(item: T): void {
    item.list = this;
    item.older = this.newest;
    item.newer = undefined;
    if (this.newest) {
      this.newest.newer = item;
    } else {
      this.oldest = item;
    }
    this.newest = item;
  }

  remove(item: T): void {
    if (item.older) {
      item.older.newer = item.newer;
    } else {
      this.oldest = item.newer;
    }
    if (item.newer) {
      item.newer.older = item.older;
    } else {
      this.newest = item.older;
    }
    item.list = undefined;
  }

  moveToEnd(item: T): void {
    if (item !== this.newest) {
      item.list?.remove(item);
      this.append(item);
    }
  }
}
