package meanwhile

import (
	"cmp"
	"time"

	"rapport/internal/httpapi/gate"
	"rapport/internal/httpapi/shape"
	"rapport/internal/platform/event"
)

// Overtaken is in the chain of a refusal: somebody else has set the field.
type Overtaken struct {
	Now any // what it is
	By  event.Actor
	At  time.Time // zero when the log does not say
}

func (o *Overtaken) Error() string { return "overtaken by " + cmp.Or(o.By.Kind, "somebody") }

// Explain tells a program what a person has to choose between.
func (o *Overtaken) Explain(p *gate.Problem) {
	p.Type = "/problems/overtaken"
	now := o.Now
	if id, ok := now.(int64); ok {
		now = shape.IDOrNull(id)
	}
	p.Meanwhile = &gate.Meanwhile{Now: now, ByKind: cmp.Or(o.By.Kind, event.System.Kind), ByID: shape.IDOrNull(o.By.ID), At: shape.TimeOrNull(o.At)}
}
