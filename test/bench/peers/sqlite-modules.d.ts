// better-auth's declarations name types of modules that newer runtimes have; nothing here uses them.

declare module 'bun:sqlite' {
  export interface Database {
    readonly filename: string;
    query(sql: string): object;
  }
}

declare module 'node:sqlite' {
  export interface DatabaseSync {
    prepare(sql: string): object;
    exec(sql: string): void;
  }
}
