import { isIPv4, isIPv6 } from 'node:net';

/** One hop as the header names it: its address, or `undefined` when it says none (`unknown`, `_hidden`, no `for`). */
export type ForwardedHop = string | undefined;

/** `token=value` of RFC 7239 §4, value a token or a quoted string (RFC 9110 §5.6.2, §5.6.4). */
const PAIR =
  /([!#$%&'*+\-.^_`|~\dA-Za-z]+)=(?:([!#$%&'*+\-.^_`|~\dA-Za-z]+)|"((?:[\t !#-[\]-~\x80-\xFF]|\\[\t -~\x80-\xFF])*)")/y;
const SPACE = /[ \t]*/y;
/** `node` of RFC 7239 §6: an address, IPv6 in brackets, and a port that may be hidden. */
const NODE = /^(?:([\d.]+)|\[([\dA-Fa-f:.]+)\])(?::(?:\d{1,5}|_[\w.-]+))?$/;

/**
 * The `for` of every element of a `Forwarded` header, in its order; `undefined` when the header is malformed.
 *
 * It is read as a whole and strictly: a client can write an opening quote to the left of what a proxy appends, and a
 * reader that skips what it does not understand might take the proxy's element for part of the client's text. Joined
 * like that the header is never well-formed, so nothing of it is believed.
 */
export function parseForwarded(header: string): readonly ForwardedHop[] | undefined {
  const hops: ForwardedHop[] = [];
  let element = new Map<string, string>();
  for (let at = 0; ; at++) {
    at = match(SPACE, header, at)?.end ?? at;
    const pair = match(PAIR, header, at);
    if (pair !== undefined) {
      const [name = '', token, quoted = ''] = pair.groups;
      if (element.has(name.toLowerCase())) {
        return undefined;
      }
      element.set(name.toLowerCase(), token ?? quoted.replace(/\\(.)/g, '$1'));
      at = match(SPACE, header, pair.end)?.end ?? pair.end;
    }
    const separator = header[at];
    if (separator !== ';') {
      // Lists may have empty elements (RFC 9110 §5.6.1); they stand for no hop.
      if (element.size > 0) {
        hops.push(addressOf(element.get('for')));
        element = new Map();
      }
      if (separator !== ',') {
        return separator === undefined ? hops : undefined;
      }
    }
  }
}

function addressOf(node: string | undefined): ForwardedHop {
  const [, v4, v6] = NODE.exec(node ?? '') ?? [];
  if (v4 !== undefined) {
    return isIPv4(v4) ? v4 : undefined;
  }
  return v6 !== undefined && isIPv6(v6) ? v6 : undefined;
}

function match(sticky: RegExp, text: string, at: number): { groups: (string | undefined)[]; end: number } | undefined {
  sticky.lastIndex = at;
  const found = sticky.exec(text);
  return found === null ? undefined : { groups: found.slice(1), end: sticky.lastIndex };
}
