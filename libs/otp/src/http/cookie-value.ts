import { parseCookie } from 'cookie';

/**
 * A cookie of a request, undecoded. Two of one name are none: which of them the server itself set cannot be told
 * (cookie tossing).
 */
export function cookieValue(cookies: string | undefined, name: string): string | undefined {
  const pairs = cookies?.split(';') ?? [];
  // Parsed from both ends, because of cookies with one name the parser tells only the first.
  const [first, last] = [pairs, pairs.toReversed()].map(
    (list) => parseCookie(list.join(';'), { decode: asItIs })[name],
  );
  return first === last ? first : undefined;
}

function asItIs(value: string): string {
  return value;
}
