type Words = { text: string; html: string };

let waiting: { conversationId: number; then: (words: Words) => void } | null = null;

/** Puts words into the reply of the conversation, where the caret is, their variables filled. False when its composer is not on screen. */
export function insertIntoReply(conversationId: number, words: Words): boolean {
  if (waiting?.conversationId !== conversationId) return false;
  waiting.then(words);
  return true;
}

/** The composer on screen says what happens to words that are to be inserted. */
export function whenInserting(conversationId: number, then: (words: Words) => void): () => void {
  const mine = { conversationId, then };
  waiting = mine;
  return () => {
    if (waiting === mine) waiting = null;
  };
}
