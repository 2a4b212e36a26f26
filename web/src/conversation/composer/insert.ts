type Words = { text: string; html: string };

let waiting: ((words: Words) => void) | null = null;

/** Puts words into the reply of the open conversation, where the caret is, their variables filled. */
export function insertIntoReply(words: Words) {
  waiting?.(words);
}

/** The composer on screen says what happens to words that are to be inserted. */
export function whenInserting(then: (words: Words) => void): () => void {
  waiting = then;
  return () => {
    if (waiting === then) waiting = null;
  };
}
