/** The keys of the marks that were left on methods, by the prototype that they stand on. */
const marked = new WeakMap<object, Map<string | symbol, Set<string>>>();

/** Remembers a mark of a method apart from its function, in whose place a decorator above may put another. */
export function rememberMark(prototype: object, name: string | symbol, key: string): void {
  const methods = marked.get(prototype) ?? new Map<string | symbol, Set<string>>();
  marked.set(prototype, methods.set(name, (methods.get(name) ?? new Set()).add(key)));
}

/** Methods of a class whose mark is gone, and the guard with it: a decorator above has put other functions there. */
export function unmarkedMethods(prototype: object): string[] {
  const above: unknown = Object.getPrototypeOf(prototype);
  const own = [...(marked.get(prototype) ?? [])].filter(([name, keys]) => {
    const method: unknown = Object.getOwnPropertyDescriptor(prototype, name)?.value;
    return typeof method !== 'function' || [...keys].some((key) => !Reflect.hasOwnMetadata(key, method));
  });
  const inherited = typeof above === 'object' && above !== null ? unmarkedMethods(above) : [];
  return [...own.map(([name]) => String(name)), ...inherited.filter((name) => !Object.hasOwn(prototype, name))];
}
