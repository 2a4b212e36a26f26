package gate

import (
	"strconv"

	"rapport/internal/platform/limit"
)

// How often somebody may ask, on all nodes together. The figures stop loops
// gone wild, not work.
var (
	actorRate  = limit.Rate{PerSecond: 300, Burst: 1500}
	nobodyRate = limit.Rate{PerSecond: 30, Burst: 150}
)

// allows counts a request for its agent, or for where it comes from when nobody
// is signed in.
func (g *Gate) allows(r *request) bool {
	if r.actor.AgentID != 0 {
		return g.Limits.Allow("agent "+strconv.FormatInt(r.actor.AgentID, 10), actorRate)
	}
	return g.Limits.Allow("ip "+limit.Network(r.ip), nobodyRate)
}
