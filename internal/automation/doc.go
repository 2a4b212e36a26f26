// Package automation is what teammates let be done for them: texts they write
// often, and sequences of actions. Rules will stand here too and do the same
// actions.
//
// Nouns: Snippet, a text with variables; Macro, a named sequence of Actions. Both
// stand in folders and belong to one agent or, shared, to all.
//
// Verbs: Snippets, CreateSnippet, PutSnippet, DeleteSnippet, UseSnippet; Macros,
// CreateMacro, PutMacro, DeleteMacro, Run, RunOn.
//
// Events: see event.go. They carry ids, never a name or a text.
//
// Promises: what belongs to somebody else is NotFound, also to administrators;
// shared ones are changed only by who may change settings; a macro does all of its
// actions or none, by the ordinary verbs of conversation with the rights of whoever
// runs it, once for each client id; its reply is never sent, only handed back; what
// was deleted can be put again.
package automation
