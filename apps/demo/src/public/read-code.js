/** What a person typed or pasted, as a code of `length` digits or as a sentence that says what is wrong with it. */
export function readCode(input, length) {
  const code = input.replace(/[\s\p{Dash}]/gu, '');
  if (code === '') {
    return { error: 'Enter the code from the message.' };
  }
  if (!/^\d+$/.test(code)) {
    return { error: 'The code has only digits.' };
  }
  if (code.length !== length) {
    const much = code.length < length ? 'few' : 'many';
    return { error: `Too ${much} digits: the code has ${length}, this is ${code.length}.` };
  }
  return { code };
}
