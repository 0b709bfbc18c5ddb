/**
 * Calls `onTick(secondsLeft)` now and every second until it has been called with 0.
 * The monotonic clock survives a change of the time of day; a sleeping tab catches up at its next tick.
 */
export function countDown(seconds, onTick) {
  const end = performance.now() + seconds * 1000;
  let timer;
  const tick = () => {
    const left = Math.max(0, Math.ceil((end - performance.now()) / 1000));
    onTick(left);
    if (left > 0) {
      timer = setTimeout(tick, (end - performance.now()) % 1000 || 1000);
    }
  };
  tick();
  return () => clearTimeout(timer);
}

export function clock(seconds) {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
