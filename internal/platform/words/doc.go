// Package words says in Korean and Polish what the server says in English.
//
// Rooms write plain English sentences and know nothing of languages; so do logs and commands. In is asked once, where a
// sentence leaves for a person: httpapi/gate does it for every field of an answer that carries one. Stored sentences
// stay English and are said in the reader's language each time they are shown.
//
// The words are in ko.json and pl.json: the sentence as the source has it, or its format, and what it is there. A test
// walks the source and names each sentence that is missing, and each that nobody says any more.
package words
