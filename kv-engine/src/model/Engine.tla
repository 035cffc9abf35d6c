------------------------------- MODULE Engine -------------------------------
(***************************************************************************)
(* Replicas that write into one log: what was acknowledged stays, nothing  *)
(* happens twice, replicas agree, and reads are linearizable, whatever is  *)
(* lost, comes late, or is snapshotted meanwhile.                          *)
(*                                                                         *)
(* Each rule of the protocol is a constant, TRUE as the protocol has it.   *)
(* Without it TLC finds a state that must not be.                          *)
(*                                                                         *)
(* What is abstract:                                                       *)
(* - Of the state there is only which writes are in it, and a request is   *)
(*   a write that always happens. A refusal is a read.                     *)
(* - Of time there is only that nobody has the lease while another has it; *)
(*   whoever has lost it may not know.                                     *)
(* - A request to the log may be carried out at any later time, any number *)
(*   of times, or never. Its answer is the log's state at some moment.     *)
(* - Who asked for a write that was not sent, or whose position another    *)
(*   has, asks again: here or elsewhere.                                   *)
(***************************************************************************)
EXTENDS Naturals, Sequences, FiniteSets

CONSTANTS
  Replicas, Writes, \* sets of model values
  Nobody, Nothing,  \* model values
  MaxEntries,       \* how long the log may get
  MaxTerms,         \* how often the lease is taken
  MaxForged,        \* how often somebody else writes into the log
  OwnEvent,     \* a write is acknowledged when its entry is applied, not when the log answers
  Chain,        \* an entry is applied only where it follows the one before
  SamePosition, \* a lost entry is sent again to its own position
  Applied,      \* a read sees what is applied, not what is only decided
  Unknown,      \* an entry that a snapshot has passed over is not decided again
  Announced,    \* a follower shows what its writer has applied, and not all that it has applied itself
  Large,        \* the writes that are too large for an entry: they go in two parts, one after the other
  LastPart,     \* such a write has happened when its last part is applied, and not when the first is
  Anew,         \* one whose parts were interrupted is sent again from its first part
  WholeBase     \* between the parts, a snapshot has what was there before the first

VARIABLES
  log,     \* what stands at each position
  net,     \* appends on their way, for ever
  lease,   \* who has it, or Nobody
  terms,   \* how often it was taken
  phase,   \* of each replica: "follows", "takes", "serves", "stopped"
  applied, \* how many positions of the log each replica has applied
  queue,   \* what each replica has decided and not sent
  flight,  \* the entry of each replica that is on its way, or Nothing
  manifest,\* the position of the newest snapshot
  todo,    \* writes that somebody still asks for
  acked,   \* writes that were acknowledged
  told,    \* the last position that clients know of
  shown,   \* writes that a read has shown
  ids,     \* how many entries were made
  forged,  \* how many of them by somebody else
  stale,   \* whether a read was older than what clients knew
  begun,   \* the large write of each replica whose first part it has applied, or Nothing
  base     \* the snapshot that each replica went on from

vars == <<log, net, lease, terms, phase, applied, queue, flight, manifest, todo, acked, told, shown, ids, forged, stale, begun, base>>

Max(a, b) == IF a > b THEN a ELSE b
\* Two parts of one write that follow each other; whatever comes between makes the first void.
Joined(entries, p) ==
  /\ p > 1 /\ entries[p].part = "last" /\ entries[p - 1].part = "first"
  /\ entries[p].writes = entries[p - 1].writes /\ entries[p].by = entries[p - 1].by
Happens(entries, p) == entries[p].part = "whole" \/ Joined(entries, p)
Written(entries) == UNION {entries[p].writes : p \in {q \in 1..Len(entries) : Happens(entries, q)}}
Before(p) == IF p = 0 THEN 0 ELSE log[p].id
Epoch(p) == IF p = 0 THEN 0 ELSE log[p].epoch
Follows(e, p) == e.prev = Before(p) /\ e.epoch >= Epoch(p)
InFlight(r) == IF flight[r] = Nothing THEN {} ELSE flight[r].writes
Begun(r) == IF begun[r] = Nothing THEN {} ELSE {begun[r]}
\* The last entry that a replica has applied begins a write that is not whole with it.
Between(r) == applied[r] > 0 /\ log[applied[r]].part = "first"

Init ==
  /\ log = <<>> /\ net = {} /\ lease = Nobody /\ terms = 0
  /\ phase = [r \in Replicas |-> "follows"]
  /\ applied = [r \in Replicas |-> 0]
  /\ queue = [r \in Replicas |-> {}]
  /\ flight = [r \in Replicas |-> Nothing]
  /\ manifest = 0 /\ todo = Writes /\ acked = {} /\ told = 0 /\ shown = {}
  /\ ids = 0 /\ forged = 0 /\ stale = FALSE
  /\ begun = [r \in Replicas |-> Nothing] /\ base = [r \in Replicas |-> 0]

\* The epoch of a replica that serves is that of its first entry, which it has applied.
Entry(r, e, ws, p) ==
  [pos |-> applied[r] + 1, epoch |-> e, id |-> ids + 1, prev |-> Before(applied[r]), by |-> r, writes |-> ws, part |-> p]

Fly(r, entry) ==
  /\ flight' = [flight EXCEPT ![r] = entry]
  /\ net' = net \union {entry}
  /\ ids' = ids + 1

TermEnds ==
  /\ lease /= Nobody /\ lease' = Nobody
  /\ UNCHANGED <<log, net, terms, phase, applied, queue, flight, manifest, todo, acked, told, shown, ids, forged, stale, begun, base>>

\* A write whose parts are interrupted is asked for again, from the first.
Interrupted(r) ==
  IF Anew THEN begun' = [begun EXCEPT ![r] = Nothing] ELSE UNCHANGED begun
AskedAgain(r) == IF Anew THEN Begun(r) ELSE {}

\* What was not sent is asked for again; what was sent is settled by the log.
Notices(r) ==
  /\ phase[r] \in {"serves", "takes"} /\ lease /= r
  /\ phase' = [phase EXCEPT ![r] = "follows"]
  /\ todo' = todo \union queue[r] \union AskedAgain(r)
  /\ queue' = [queue EXCEPT ![r] = {}]
  /\ Interrupted(r)
  /\ UNCHANGED <<log, net, lease, terms, applied, flight, manifest, acked, told, shown, ids, forged, stale, base>>

TakesLease(r) ==
  /\ lease = Nobody /\ terms < MaxTerms /\ phase[r] = "follows"
  /\ lease' = r /\ terms' = terms + 1
  /\ UNCHANGED <<log, net, phase, applied, queue, flight, manifest, todo, acked, told, shown, ids, forged, stale, begun, base>>

SendsFirst(r) ==
  /\ lease = r /\ phase[r] \in {"follows", "takes"} /\ flight[r] = Nothing
  /\ applied[r] < MaxEntries
  /\ phase' = [phase EXCEPT ![r] = "takes"]
  /\ Fly(r, Entry(r, Epoch(applied[r]) + 1, {}, "whole"))
  /\ UNCHANGED <<log, lease, terms, applied, queue, manifest, todo, acked, told, shown, forged, stale, begun, base>>

Decides(r, w) ==
  /\ phase[r] = "serves" /\ w \in todo
  /\ todo' = todo \ {w}
  /\ queue' = [queue EXCEPT ![r] = @ \union {w}]
  /\ UNCHANGED <<log, net, lease, terms, phase, applied, flight, manifest, acked, told, shown, ids, forged, stale, begun, base>>

Sends(r) ==
  /\ phase[r] = "serves" /\ flight[r] = Nothing /\ begun[r] = Nothing /\ queue[r] \ Large /= {}
  /\ applied[r] < MaxEntries
  /\ Fly(r, Entry(r, Epoch(applied[r]), queue[r] \ Large, "whole"))
  /\ queue' = [queue EXCEPT ![r] = @ \intersect Large]
  /\ UNCHANGED <<log, lease, terms, phase, applied, manifest, todo, acked, told, shown, forged, stale, begun, base>>

SendsFirstPart(r, w) ==
  /\ phase[r] = "serves" /\ flight[r] = Nothing /\ begun[r] = Nothing /\ w \in queue[r] \intersect Large
  /\ applied[r] < MaxEntries
  /\ Fly(r, Entry(r, Epoch(applied[r]), {w}, "first"))
  /\ queue' = [queue EXCEPT ![r] = @ \ {w}]
  /\ UNCHANGED <<log, lease, terms, phase, applied, manifest, todo, acked, told, shown, forged, stale, begun, base>>

SendsLastPart(r) ==
  /\ phase[r] = "serves" /\ flight[r] = Nothing /\ begun[r] /= Nothing
  /\ applied[r] < MaxEntries
  /\ Fly(r, Entry(r, Epoch(applied[r]), {begun[r]}, "last"))
  /\ begun' = [begun EXCEPT ![r] = Nothing]
  /\ UNCHANGED <<log, lease, terms, phase, applied, queue, manifest, todo, acked, told, shown, forged, stale, base>>

\* The same again changes nothing: it is on its way for ever. Elsewhere it is another entry.
SendsElsewhere(r) ==
  /\ ~SamePosition /\ flight[r] /= Nothing /\ flight[r].writes /= {} /\ flight[r].pos < MaxEntries
  /\ net' = net \union {[flight[r] EXCEPT !.pos = @ + 1, !.prev = flight[r].id, !.id = ids + 1]}
  /\ ids' = ids + 1
  /\ UNCHANGED <<log, lease, terms, phase, applied, queue, flight, manifest, todo, acked, told, shown, forged, stale, begun, base>>

Stands(e) ==
  /\ e \in net /\ e.pos = Len(log) + 1
  /\ log' = Append(log, e)
  /\ UNCHANGED <<net, lease, terms, phase, applied, queue, flight, manifest, todo, acked, told, shown, ids, forged, stale, begun, base>>

\* Somebody else puts an entry of his own, with writes that nobody asked for now.
Forges(w) ==
  /\ forged < MaxForged /\ Len(log) < MaxEntries /\ Len(log) > 0
  /\ log' = Append(log, [pos |-> Len(log) + 1, epoch |-> Epoch(Len(log)), id |-> 0, prev |-> 0, by |-> Nobody, writes |-> {w}, part |-> "whole"])
  /\ forged' = forged + 1
  /\ UNCHANGED <<net, lease, terms, phase, applied, queue, flight, manifest, todo, acked, told, shown, ids, stale, begun, base>>

Acknowledges(ws, p) ==
  /\ acked' = acked \union ws
  /\ told' = IF ws = {} THEN told ELSE Max(told, p)

Answered(r) ==
  /\ ~OwnEvent /\ flight[r] /= Nothing
  /\ flight[r].pos <= Len(log) /\ log[flight[r].pos] = flight[r]
  /\ Acknowledges(flight[r].writes, flight[r].pos)
  /\ UNCHANGED <<log, net, lease, terms, phase, applied, queue, flight, manifest, todo, shown, ids, forged, stale, begun, base>>

\* The own entry has come back. After the first part of a write the last is sent, if this replica still serves.
Comes(r, e, p) ==
  LET first == e.part = "first"
      goesOn == first /\ phase[r] = "serves" IN
  /\ phase' = [phase EXCEPT ![r] = IF @ = "takes" THEN "serves" ELSE @]
  /\ IF first /\ LastPart THEN UNCHANGED <<acked, told>> ELSE Acknowledges(e.writes, p)
  /\ begun' = IF goesOn THEN [begun EXCEPT ![r] = CHOOSE w \in e.writes : TRUE] ELSE begun
  /\ todo' = todo \union (IF first /\ ~goesOn THEN e.writes ELSE {})
  /\ UNCHANGED queue

Applies(r) ==
  LET p == applied[r] + 1 IN
  /\ phase[r] /= "stopped" /\ p <= Len(log)
  /\ LET e == log[p] IN
     IF Chain /\ ~Follows(e, p - 1)
     THEN /\ phase' = [phase EXCEPT ![r] = "stopped"]
          /\ UNCHANGED <<log, net, lease, terms, applied, queue, flight, manifest, todo, acked, told, shown, ids, forged, stale, begun, base>>
     ELSE /\ applied' = [applied EXCEPT ![r] = p]
          /\ flight' = [flight EXCEPT ![r] = Nothing]
          /\ IF e = flight[r]
             THEN Comes(r, e, p)
             ELSE /\ phase' = [phase EXCEPT ![r] = IF @ = "serves" THEN "takes" ELSE @]
                  /\ todo' = todo \union InFlight(r) \union queue[r] \union AskedAgain(r)
                  /\ queue' = [queue EXCEPT ![r] = {}]
                  /\ Interrupted(r)
                  /\ UNCHANGED <<acked, told>>
          /\ UNCHANGED <<log, net, lease, terms, manifest, shown, ids, forged, stale, base>>

Snapshots(r) ==
  LET p == IF WholeBase /\ Between(r) THEN applied[r] - 1 ELSE applied[r] IN
  /\ phase[r] = "serves" /\ p > manifest
  /\ manifest' = p
  /\ UNCHANGED <<log, net, lease, terms, phase, applied, queue, flight, todo, acked, told, shown, ids, forged, stale, begun, base>>

\* A replica that missed events goes on at the snapshot. Whether its entry stood below it, it cannot tell.
Reloads(r) ==
  LET passed == flight[r] /= Nothing /\ flight[r].pos <= manifest IN
  /\ phase[r] /= "stopped" /\ applied[r] < manifest
  /\ applied' = [applied EXCEPT ![r] = manifest]
  /\ base' = [base EXCEPT ![r] = manifest]
  /\ flight' = [flight EXCEPT ![r] = Nothing]
  /\ todo' = todo \union queue[r] \union AskedAgain(r) \union (IF passed /\ Unknown THEN {} ELSE InFlight(r))
  /\ queue' = [queue EXCEPT ![r] = {}]
  /\ Interrupted(r)
  /\ phase' = [phase EXCEPT ![r] = IF @ = "serves" THEN "takes" ELSE @]
  /\ UNCHANGED <<log, net, lease, terms, manifest, acked, told, shown, ids, forged, stale>>

\* From memory, under the lease.
Reads(r) ==
  /\ phase[r] = "serves" /\ lease = r
  /\ stale' = (stale \/ applied[r] < told)
  /\ told' = Max(told, applied[r])
  /\ shown' = shown \union (IF Applied THEN {} ELSE queue[r] \union InFlight(r))
  /\ UNCHANGED <<log, net, lease, terms, phase, applied, queue, flight, manifest, todo, acked, ids, forged, begun, base>>

\* Whoever wrote the entry has applied it, and may have said so.
AppliedByItsWriter(p) == log[p].by /= Nobody /\ applied[log[p].by] >= p

\* A stale read or an event of a watch, at a replica that has the log or has not.
Shows(r) ==
  /\ phase[r] /= "stopped"
  /\ \E p \in 1..applied[r] :
       /\ Announced => (p < applied[r] \/ AppliedByItsWriter(p))
       /\ told' = Max(told, p)
  /\ UNCHANGED <<log, net, lease, terms, phase, applied, queue, flight, manifest, todo, acked, shown, ids, forged, stale, begun, base>>

Next ==
  \/ TermEnds
  \/ \E e \in net : Stands(e)
  \/ \E w \in Writes : Forges(w)
  \/ \E r \in Replicas :
       \/ Notices(r) \/ TakesLease(r) \/ SendsFirst(r) \/ Sends(r) \/ SendsElsewhere(r)
       \/ Answered(r) \/ Applies(r) \/ Snapshots(r) \/ Reloads(r) \/ Reads(r) \/ Shows(r)
       \/ SendsLastPart(r)
       \/ \E w \in Writes : Decides(r, w) \/ SendsFirstPart(r, w)

Spec == Init /\ [][Next]_vars

-----------------------------------------------------------------------------
AckedSurvives == acked \subseteq Written(log)

\* Each write happens at one position.
Once ==
  \A p, q \in 1..Len(log) :
    (p /= q /\ log[p].by /= Nobody /\ log[q].by /= Nobody /\ Happens(log, p) /\ Happens(log, q)) => log[p].writes \intersect log[q].writes = {}

\* What a replica has applied is what others may have applied, too: a chain.
Agreement ==
  \A r \in Replicas : \A p \in 1..applied[r] : Follows(log[p], p - 1)

Linearizable == ~stale

\* Whoever goes on from a snapshot has the first part of each write whose last part he applies.
Wholes ==
  \A r \in Replicas : \A p \in 1..applied[r] : Joined(log, p) => base[r] /= p - 1

\* What a read has shown is not asked for again: it happened.
NoGhost == shown \intersect todo = {}
=============================================================================
