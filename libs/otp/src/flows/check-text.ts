const MAX_TEXT_BYTES = 255;

/**
 * An empty text stands for none in what is hashed and sealed, so it would be taken for another.
 *
 * @throws RangeError for what is no text of 1 to 255 bytes; a mistake in the application, not in a request.
 */
export function checkText(name: string, value: unknown): void {
  if (value !== undefined && (typeof value !== 'string' || value === '' || Buffer.byteLength(value) > MAX_TEXT_BYTES)) {
    throw new RangeError(`${name} must be text of 1 to ${MAX_TEXT_BYTES} bytes; leave it out where there is none`);
  }
}
