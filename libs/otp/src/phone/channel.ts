/** How a message travels. */
export const CHANNELS = ['sms', 'voice', 'whatsapp', 'email'] as const;
export type Channel = (typeof CHANNELS)[number];
