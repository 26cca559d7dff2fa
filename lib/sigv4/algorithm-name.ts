/** The name of SigV4a, beside that of SigV4, which stands with its key. */

/** As the string to sign has it. */
export const ECDSA_ALGORITHM = 'AWS4-ECDSA-P256-SHA256';
