/** A transport's name where it stands in addresses: lower-case letters, digits and hyphens. */
export const TRANSPORT_NAME = /^[a-z][a-z0-9-]{0,31}$/;
