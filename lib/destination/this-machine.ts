/** Which hosts are this very machine: loopback addresses, and the names that RFC 6761 (section 6.3) keeps for them. */

// A URL spells an IPv4 address in four decimal numbers, whatever it was written as.
const LOOPBACK = /^(?:(?:.+\.)?localhost\.?|127(?:\.\d+){3}|\[::1\])$/;

/** Whether a URL leads to this machine, where nobody stands on the way. */
export function isThisMachine({ hostname }: Pick<URL, 'hostname'>): boolean {
  return LOOPBACK.test(hostname);
}
