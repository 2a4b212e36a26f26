import { hello as ar } from "../../../../widget/src/words/ar.json";
import { hello as en } from "../../../../widget/src/words/en.json";
import { hello as ko } from "../../../../widget/src/words/ko.json";
import { hello as pl } from "../../../../widget/src/words/pl.json";

/** The languages the chat has words of its own for, each with its own first words. */
export const panelLanguages: Record<string, string> = { en, ko, pl, ar };
