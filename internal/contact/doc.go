// Package contact knows the people outside and their companies.
//
// Nouns: Contact, a person; Identity, what a contact is known by: an address
// or the id another system gave; Company, found by the domain of an address;
// Suppression, an address that gets no automatic mail, or no news.
//
// Verbs: Identify (find or make, inside the caller's transaction; Search and
// IdentifyFound for who asks other things with it), NoteTyped, NoteTraits and
// Rename for what people say of themselves, Prove for what their company has
// signed, Create, Update, AddAddress, RemoveAddress, Get, List, CreateCompany,
// UpdateCompany, Companies, Keep and Forget for values that events may not hold;
// Suppress, Suppressions, HeardFrom and LiftSuppression.
//
// Events: contact.created, contact.changed, contact.merged, contact.suppressed,
// contact.unsuppressed, company.created, company.changed.
// They carry ids and the names of changed fields, never a value.
//
// Promises: an identity belongs to at most one contact of a workspace, however
// many messages arrive at once; an address that was only typed finds nobody, is
// nobody's alone, and proves nothing; a name that a person typed is never replaced by
// what a mail claims; every changed value stands in field_history, written in
// the same transaction.
package contact
