/** `#signer` where the package is loaded from files: what signs and sends is there from the start. */
import * as signedSending from './signed-sending.js';

export type SignedSending = typeof signedSending;

export const loadSigner = (): SignedSending | Promise<SignedSending> => signedSending;
