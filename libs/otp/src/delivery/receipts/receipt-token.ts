/** A secret at the end of an address for receipts. No longer than Fastify takes a part of a path by default. */
export const RECEIPT_TOKEN = /^[A-Za-z0-9_-]{32,100}$/;
