/** The value of a query or form parameter that came once; of one that came twice nobody knows which is meant. */
export function oneValue(params: URLSearchParams, name: string): string | undefined {
  const values = params.getAll(name);
  return values.length === 1 ? values[0] : undefined;
}
