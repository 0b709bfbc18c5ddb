import { describe, expect, it } from 'vitest';
import { gunzipSync } from 'node:zlib';
import { readAssets } from './assets.js';

describe('readAssets', () => {
  it('case 67: production has nothing of the simulated phone and the attacks', () => {
    const names = [...readAssets({ production: true }).keys()];
    expect(names.filter((name) => /dev-|attack/.test(name))).toEqual([]);
    const more = [...readAssets({ production: false }).keys()].filter((name) => !names.includes(name));
    expect(more.toSorted()).toEqual(['dev-attack.css', 'dev-phone.css']);
  });

  it('has styles, scripts and pictures, of two folders and no others', () => {
    const assets = readAssets({ production: false });
    for (const [name, { body, gzipped, contentType, etag }] of assets) {
      expect(name).toMatch(/^(?:otp-code-input\/)?[\w-]+\.(?:css|js|svg)$/);
      expect(contentType).toMatch(/^(?:text\/(?:css|javascript); charset=utf-8|image\/svg\+xml)$/);
      expect(etag).toMatch(/^W\/"[\w-]{22}"$/);
      expect(gunzipSync(gzipped).equals(body), name).toBe(true);
    }
    expect([...assets.keys()]).toEqual(expect.arrayContaining(['app.css', 'forms.js', 'otp-code-input/element.js']));
    expect(new Set([...assets.values()].map(({ etag }) => etag)).size).toBe(assets.size);
  });
});
