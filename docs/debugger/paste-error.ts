/** What is wrong with a text that was pasted or typed, said so that whoever did it can mend it. */

/** An error that is the user's to mend: the page shows its message beside the field. */
export class PasteError extends Error {
  override readonly name = 'PasteError';
}
