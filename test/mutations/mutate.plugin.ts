import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';
import { luaScripts } from '../../tools/lua-scripts.mjs';
import { type Mutation, mutated } from './mutation.js';
import { mutations } from './mutations.js';

const SOURCE = new URL('../../libs/otp/src/', import.meta.url);
const LUA = new URL('stores/redis/lua/', SOURCE);
const EMBEDDED = new URL('stores/redis/scripts.generated.ts', SOURCE);

/** The plugins of a run of tests: none, or the one that applies the mutation of this name. */
export function mutating(name: string | undefined): Plugin[] {
  if (name === undefined) {
    return [];
  }
  const mutation = mutations.find((known) => known.name === name);
  if (mutation === undefined) {
    throw new Error(`OTP_MUTATION: there is no mutation '${name}'`);
  }
  return [mutate(mutation)];
}

/** Changes one file of the library while tests load it; on disk nothing changes. */
function mutate(mutation: Mutation): Plugin {
  const isLua = mutation.file.endsWith('.lua');
  const target = fileURLToPath(isLua ? EMBEDDED : new URL(mutation.file, SOURCE));
  return {
    name: `mutation ${mutation.name}`,
    enforce: 'pre',
    async transform(code, id) {
      if (id.split('?', 1)[0] !== target) {
        return undefined;
      }
      return { code: isLua ? await embed(mutation) : mutated(code, mutation), map: null };
    },
  };
}

/** The module of all scripts, as `npm run lua` would write it for the mutated source. */
async function embed(mutation: Mutation): Promise<string> {
  const target = new URL(mutation.file, SOURCE).href;
  const scripts = await luaScripts(LUA, async (file) => {
    const text = await readFile(file, 'utf8');
    return file.href === target ? mutated(text, mutation) : text;
  });
  const entries = scripts.map(({ name, sha1, lua }) => `${name}: ${JSON.stringify({ sha1, lua })},`);
  return `export const scripts = {\n${entries.join('\n')}\n};\n`;
}
