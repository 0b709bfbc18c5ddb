// Every Lua script of the Redis store as it is embedded, by the name that TypeScript knows it by.
import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { embeddedText } from './lua-text.mjs';

const camelCase = (name) => name.replace(/_(?<letter>\w)/g, (_, letter) => letter.toUpperCase());

/** `folder` is the URL of the scripts; `textOf` as in lua-text.mjs. */
export async function luaScripts(folder, textOf) {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.lua')).toSorted();
  return Promise.all(
    files.map(async (file) => {
      const lua = await embeddedText(new URL(file, folder), folder, textOf);
      const sha1 = createHash('sha1').update(lua).digest('hex');
      return { name: camelCase(file.slice(0, -'.lua'.length)), sha1, lua };
    }),
  );
}
