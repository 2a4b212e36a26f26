// Package account knows the people inside and decides who may do what.
//
// Nouns: Workspace; Login, a person's proof of identity, unique by e-mail
// address; Agent, a login in a workspace, with a Role; Team; Grant, an inbox
// shown to an agent or a team; Session and APIKey, by which a request speaks
// for an agent; Invitation, reset and setup links, which work once; Actor, who
// acts; Scope, what an actor can see.
//
// Verbs: Setup, SignIn, SignOut, Authenticate, Invite, AcceptInvitation,
// UpdateAgent, Deactivate, Reactivate, ChangePassword, ForgotPassword,
// ResetPassword, BeginTOTP, CreateKey, CreateTeam, SetInboxMembers, and the
// decisions Can and Room.Scope, which the whole product uses and nobody repeats.
//
// Events: workspace.changed, agent.changed, team.changed, grant.changed,
// session.started, session.revoked, key.changed. They carry ids, never names or
// addresses.
//
// Promises: tokens and passwords are stored only as hashes; a refused sign-in
// never tells which part was wrong, neither in words nor in time; a workspace
// always keeps an active owner; a change of role, grant, team or state counts
// from the moment its verb returns on this node, when the bell has rung on
// others, and within cacheTime when it was lost.
//
// A verb that takes an Actor checks that the actor may do it, and touches only
// the actor's workspace.
package account
