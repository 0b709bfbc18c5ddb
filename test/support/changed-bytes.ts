/** Every text that differs from this one in one bit of one character. */
export function* changedTexts(text: string, mask = 1): Generator<string> {
  for (let at = 0; at < text.length; at++) {
    yield text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ mask) + text.slice(at + 1);
  }
}
