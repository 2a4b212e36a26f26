/** The languages the chat has words of its own for, each with its own first words. */
export const panelLanguages: Record<string, string> = {
  en: "How can we help?",
  ko: "무엇을 도와드릴까요?",
  pl: "W czym możemy pomóc?",
  ar: "كيف يمكننا مساعدتك؟",
};
