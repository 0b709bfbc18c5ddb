import assert from 'node:assert/strict';
import type { CaseBodies } from './fixtures.js';

export const markCases: CaseBodies = {
  'a mark is written once and read back': async ({ store }) => {
    assert.equal(await store.marks.get('key'), undefined);
    assert.equal(await store.marks.putIfAbsent('key', 'é1', 60), undefined);
    assert.equal(await store.marks.putIfAbsent('key', 'two', 60), 'é1');
    assert.equal(await store.marks.get('key'), 'é1');
    assert.equal(await store.marks.putIfAbsent('other', '', 60), undefined);
    assert.equal(await store.marks.get('other'), '');
    assert.equal(await store.marks.putIfAbsent('other', 'x', 60), '');
  },

  'a mark may be written over, with a time of its own': async ({ store, elapse }) => {
    await store.marks.putIfAbsent('key', 'one', 60);
    await store.marks.put('key', 'two', 120);
    assert.equal(await store.marks.get('key'), 'two');
    await elapse(119_000);
    assert.equal(await store.marks.get('key'), 'two');
    await elapse(1_000);
    assert.equal(await store.marks.get('key'), undefined);
    await store.marks.put('key', 'three', 60);
    assert.equal(await store.marks.putIfAbsent('key', 'four', 60), 'three');
  },

  'a deleted mark may be written again': async ({ store }) => {
    await store.marks.putIfAbsent('key', 'one', 60);
    await store.marks.delete('key');
    await store.marks.delete('key');
    assert.equal(await store.marks.get('key'), undefined);
    assert.equal(await store.marks.putIfAbsent('key', 'two', 60), undefined);
  },

  'E5 a mark ends with its time, which asking again does not extend': async ({ store, elapse }) => {
    await store.marks.putIfAbsent('key', 'one', 60);
    await elapse(30_000);
    assert.equal(await store.marks.putIfAbsent('key', 'two', 60), 'one');
    await elapse(29_000);
    assert.equal(await store.marks.get('key'), 'one');
    await elapse(1_000);
    assert.equal(await store.marks.get('key'), undefined);
    assert.equal(await store.marks.putIfAbsent('key', 'three', 60), undefined);
  },
};
