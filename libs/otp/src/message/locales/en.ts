import { listBinding } from '../list-binding.js';
import type { MessageTemplate } from '../message-template.js';

export const en: MessageTemplate = ({ code, serviceName, ttlSeconds, binding }) => {
  const details = binding === undefined ? '' : ` for ${listBinding(binding)}`;
  return `${code} is your ${serviceName} code${details}. It expires in ${lifetime(ttlSeconds)}. Never share it.`;
};

/** Rounded down: a message must not promise time that is not there. */
function lifetime(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  if (minutes >= 2) {
    return `${minutes} minutes`;
  }
  return seconds === 60 ? '1 minute' : `${Math.floor(seconds)} seconds`;
}
