import { expect, it, vi } from 'vitest';
import { memoryStore } from '../stores/memory/index.js';
import { StoreUnavailableError } from '../stores/otp-store.js';
import { claimMark } from './claim-mark.js';

const MARK = { key: 'k', value: 'mine', ttlSeconds: 60 };

/** Marks whose next write is done and answered as lost. */
function losingMarks() {
  const { marks } = memoryStore();
  const put = marks.putIfAbsent.bind(marks);
  vi.spyOn(marks, 'putIfAbsent').mockImplementationOnce(async (key, value, ttlSeconds) => {
    await put(key, value, ttlSeconds);
    throw new StoreUnavailableError('too few replicas');
  });
  return marks;
}

it('L1 a claim whose answer was lost is given up, so that the repeat is the first', async () => {
  const marks = losingMarks();
  await expect(claimMark(marks, MARK)).rejects.toThrow(StoreUnavailableError);
  await vi.waitFor(async () => expect(await marks.get('k')).toBeUndefined());
  expect(await claimMark(marks, { ...MARK, value: 'again' })).toBeUndefined();
});

it('A3 a mark of somebody else stays when a claim fails', async () => {
  const { marks } = memoryStore();
  await marks.put('k', 'theirs', 60);
  vi.spyOn(marks, 'putIfAbsent').mockRejectedValueOnce(new StoreUnavailableError('lost'));
  const looked = vi.spyOn(marks, 'get');
  await expect(claimMark(marks, MARK)).rejects.toThrow(StoreUnavailableError);
  await vi.waitFor(() => expect(looked).toHaveBeenCalled());
  expect(await claimMark(marks, MARK)).toBe('theirs');
});
