/** AWS's own package has no types. */
declare module 'sns-validator' {
  export default class MessageValidator {
    validate(message: string, done: (error: Error | null, message?: unknown) => void): void;
  }
}
