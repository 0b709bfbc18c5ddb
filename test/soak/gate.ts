/** Lets work through until somebody wants the applications for himself. */
export class Gate {
  private running = 0;
  private closed: Promise<void> | undefined;
  private idle: (() => void) | undefined;

  async pass<T>(work: () => Promise<T>): Promise<T> {
    while (this.closed !== undefined) {
      await this.closed;
    }
    this.running += 1;
    try {
      return await work();
    } finally {
      this.running -= 1;
      if (this.running === 0) {
        this.idle?.();
      }
    }
  }

  /** Waits for what is under way, and holds up what comes. One at a time. */
  async alone<T>(work: () => Promise<T>): Promise<T> {
    let open = () => {};
    this.closed = new Promise((resolve) => (open = resolve));
    try {
      if (this.running > 0) {
        await new Promise<void>((resolve) => (this.idle = resolve));
      }
      return await work();
    } finally {
      this.idle = undefined;
      this.closed = undefined;
      open();
    }
  }
}
