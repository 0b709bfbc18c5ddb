export interface EmbeddedScript {
  readonly name: string;
  readonly sha1: string;
  readonly lua: string;
}

export declare function luaScripts(
  folder: URL,
  textOf?: (file: URL) => Promise<string>,
): Promise<readonly EmbeddedScript[]>;
