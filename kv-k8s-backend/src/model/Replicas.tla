------------------------------ MODULE Replicas ------------------------------
(***************************************************************************)
(* One store, several replicas, one of which holds the lease: what clients *)
(* are told is linearizable, whatever crashes, pauses, expires or commits  *)
(* late.                                                                   *)
(*                                                                         *)
(* Each rule of the protocol is a constant, TRUE as the protocol has it.   *)
(* Without it TLC finds a client that was told wrong.                      *)
(*                                                                         *)
(* What is abstract:                                                       *)
(* - A replica's index is a prefix of the API's one order of changes, so   *)
(*   it is a number.                                                       *)
(* - Of time there is only what LeadershipTest shows: nobody takes the     *)
(*   lease while a term is valid by its holder's own view.                 *)
(* - A pause is a step that does not come. A late commit is a request that *)
(*   keeps `flying'. A client that gives up is one that is never answered. *)
(* - A refusal that is decided from the index is a read; Read stands for   *)
(*   it. So a compare-and-swap is a put that does not try again, and which *)
(*   of both a write is shows when it has lost.                            *)
(* - Forwarding is delay. An answer that leaves long after its check gives *)
(*   its client more room, not less; it is answered where it is checked.   *)
(* - Clients share what they know: `told' is what any of them was told by  *)
(*   any replica. Whatever one of them knows may be announced and shown to *)
(*   all, which is more than the protocol does.                            *)
(***************************************************************************)
EXTENDS Naturals, Sequences, FiniteSets, TLC

CONSTANTS
  Replicas, Keys, Writes,  \* sets of model values
  Nobody, NoKey, First,    \* model values; First is the replica that has the first term
  MaxTerms,                \* how many acquisitions, the first included
  MaxCrashes,
  CheckAfterEvent,     \* a write is acknowledged when the term is valid after its event came
  Barrier,             \* a term answers only when its own barrier has come back
  CheckAfterSnapshot,  \* a read looks at the term after it took its snapshot, not before
  AwaitReason,         \* a 409 is no refusal until the index shows why
  Announced,           \* clients see what a holder announces, not what a watch brings
  Feed,                \* what feeds an index: see Learn
  Reason               \* whether to check HolderKnows, too

VARIABLES
  log,      \* the API's changes in order: a write, or a term for its barrier
  op,       \* the clients' writes
  barriers, \* terms whose barrier is on its way to the API
  holder,   \* whose term is valid by its own view, or Nobody
  term,     \* the last term of each replica since it started, 0 for none
  terms,    \* how many terms there were
  index,    \* how much of log each replica's index holds
  passed,   \* how much of its watch a replica has let pass (Feed = "checked")
  read,     \* the read under way
  told,     \* the last change that clients know of, by answers and events
  crashes,
  wrong     \* what a client was told that it should not have been

vars == <<log, op, barriers, holder, term, terms, index, passed, read, told, crashes, wrong>>
lease == <<barriers, holder, term, terms, crashes>>

Max(a, b) == IF a > b THEN a ELSE b
Highest(S) == IF S = {} THEN 0 ELSE CHOOSE n \in S : \A m \in S : m <= n

LastWrite(upTo) == Highest({n \in 1..upTo : log[n] \in Writes})
RevisionAt(k, upTo) == Highest({n \in 1..upTo : log[n] \in Writes /\ op[log[n]].key = k})
RevisionInApi(k) == RevisionAt(k, Len(log))
Place(w) == Highest({n \in 1..Len(log) : log[n] = w})
IsApplied(w) == Place(w) # 0

NoRead == [at |-> Nobody, seen |-> 0, since |-> 0]
Unused == [state |-> "unused", key |-> NoKey, at |-> Nobody, base |-> 0, flying |-> FALSE]
Done(o) == [o EXCEPT !.state = "done", !.at = Nobody, !.base = IF o.flying THEN @ ELSE 0]

Init ==
  /\ log = <<>>
  /\ op = [w \in Writes |-> Unused]
  /\ barriers = {}
  /\ holder = First
  /\ term = [r \in Replicas |-> IF r = First THEN 1 ELSE 0]
  /\ terms = 1
  /\ index = [r \in Replicas |-> 0]
  /\ passed = [r \in Replicas |-> 0]
  /\ read = NoRead
  /\ told = 0
  /\ crashes = 0
  /\ wrong = "nothing"

IsValid(r) == holder = r

\* What a replica believes that does not look at the clock.
Believes(r) == term[r] # 0

\* The first term of an empty store has nothing to wait for.
IsBarrierBack(r) == term[r] = 1 \/ \E n \in 1..index[r] : log[n] = term[r]

IsActive(r) == IsValid(r) /\ (Barrier => IsBarrierBack(r))

-----------------------------------------------------------------------------
(* The lease *)

Expire ==
  /\ holder # Nobody
  /\ holder' = Nobody
  /\ UNCHANGED <<log, op, barriers, term, terms, index, passed, read, told, crashes, wrong>>

Take(r) ==
  /\ holder = Nobody
  /\ terms < MaxTerms
  /\ holder' = r
  /\ terms' = terms + 1
  /\ term' = [term EXCEPT ![r] = terms + 1]
  /\ barriers' = IF Barrier THEN barriers \cup {terms + 1} ELSE barriers
  /\ UNCHANGED <<log, op, index, passed, read, told, crashes, wrong>>

\* The process is gone with all it knew; another one begins with an old list.
Crash(r) ==
  /\ crashes < MaxCrashes
  /\ crashes' = crashes + 1
  /\ holder' = IF IsValid(r) THEN Nobody ELSE holder
  /\ term' = [term EXCEPT ![r] = 0]
  /\ index' = [index EXCEPT ![r] = 0]
  /\ passed' = [passed EXCEPT ![r] = 0]
  /\ read' = IF read.at = r THEN NoRead ELSE read
  /\ op' = [w \in Writes |-> IF op[w].at = r THEN Done(op[w]) ELSE op[w]]
  /\ UNCHANGED <<log, barriers, terms, told, wrong>>

-----------------------------------------------------------------------------
(* The API, and what its watch brings *)

\* Who wants to replace the same revision comes too late, for good.
Commit(w) ==
  /\ op[w].flying
  /\ log' = Append(log, w)
  /\ op' = [v \in Writes |->
             LET landed == [op[v] EXCEPT !.flying = FALSE]
             IN IF op[v].flying /\ op[v].key = op[w].key
                  THEN IF landed.state = "done" THEN Done(landed) ELSE landed
                  ELSE op[v]]
  /\ UNCHANGED <<lease, index, passed, read, told, wrong>>

CommitBarrier(t) ==
  /\ t \in barriers
  /\ barriers' = barriers \ {t}
  /\ log' = Append(log, t)
  /\ UNCHANGED <<op, holder, term, terms, index, passed, read, told, crashes, wrong>>

\* "watch": an index takes whatever its watch brings, and is gated towards clients.
\* "checked": it takes what its replica let pass by looking at its term after the watch had brought
\*            it, and what was announced.
\* "open": it takes everything while its replica believes that it holds the lease, else what was
\*         announced.
Learn(r) ==
  /\ index[r] < Len(log)
  /\ CASE Feed = "watch" -> TRUE
       [] Feed = "checked" -> index[r] < Max(passed[r], told)
       [] Feed = "open" -> Believes(r) \/ index[r] < told
  /\ index' = [index EXCEPT ![r] = @ + 1]
  /\ UNCHANGED <<log, op, lease, passed, read, told, wrong>>

Pass(r) ==
  /\ Feed = "checked"
  /\ IsValid(r)
  /\ passed[r] < Len(log)
  /\ passed' = [passed EXCEPT ![r] = Len(log)]
  /\ UNCHANGED <<log, op, lease, index, read, told, wrong>>

-----------------------------------------------------------------------------
(* Writes *)

Tell(upTo) == told' = Max(told, upTo)

Send(w, k, r) ==
  LET base == RevisionAt(k, index[r])
  IN /\ op[w].state = "unused"
     /\ IsActive(r)
     /\ op' = [op EXCEPT ![w] = [state |-> "sent", key |-> k, at |-> r, base |-> base,
                                 flying |-> (base = RevisionInApi(k))]]
     /\ UNCHANGED <<log, lease, index, passed, read, told, wrong>>

Acknowledge(w) ==
  LET r == op[w].at
  IN /\ op[w].state = "sent"
     /\ IsApplied(w)
     /\ Place(w) <= index[r]
     /\ IF CheckAfterEvent THEN IsValid(r) ELSE Believes(r)
     /\ op' = [op EXCEPT ![w] = Done(@)]
     /\ Tell(Place(w))
     /\ UNCHANGED <<log, lease, index, passed, read, wrong>>

Has409(w) == op[w].state = "sent" /\ ~op[w].flying /\ ~IsApplied(w)

\* The index has passed the revision that was used: a blind put tries again on what it sees now; a
\* compare-and-swap refuses by what it sees now.
DecideAgain(w) ==
  LET now == RevisionAt(op[w].key, index[op[w].at])
  IN /\ Has409(w)
     /\ now # op[w].base
     /\ IsActive(op[w].at)
     /\ \/ op' = [op EXCEPT ![w] = Done(@)]
        \/ op' = [op EXCEPT ![w].base = now, ![w].flying = (now = RevisionInApi(op[w].key))]
     /\ UNCHANGED <<log, lease, index, passed, read, told, wrong>>

\* What the API says is told at once.
RefuseUnexplained(w) ==
  /\ ~AwaitReason
  /\ Has409(w)
  /\ IsValid(op[w].at)
  /\ op' = [op EXCEPT ![w] = Done(@)]
  /\ Tell(RevisionInApi(op[w].key))
  /\ UNCHANGED <<log, lease, index, passed, read, wrong>>

-----------------------------------------------------------------------------
(* Reads of the whole store: one snapshot of all keys, which says at which revision it stands. *)
(* One at a time is enough: what matters is what was told before it began.                     *)

Read(r) ==
  /\ read = NoRead
  /\ IsActive(r)
  /\ read' = [at |-> r, since |-> told,
              seen |-> IF CheckAfterSnapshot THEN LastWrite(index[r]) ELSE 0]
  /\ UNCHANGED <<log, op, lease, index, passed, told, wrong>>

\* In the term in which the read began or in a later one of the same replica.
MayAnswer == CheckAfterSnapshot => IsValid(read.at)

\* What was known when the read began must be in the answer.
Answer ==
  LET seen == IF CheckAfterSnapshot THEN read.seen ELSE LastWrite(index[read.at])
  IN /\ read # NoRead
     /\ MayAnswer
     /\ read' = NoRead
     /\ wrong' = IF seen < read.since THEN "a read that is behind" ELSE wrong
     /\ Tell(seen)
     /\ UNCHANGED <<log, op, lease, index, passed>>

Abandon ==
  /\ read # NoRead
  /\ ~MayAnswer
  /\ read' = NoRead
  /\ UNCHANGED <<log, op, lease, index, passed, told, wrong>>

-----------------------------------------------------------------------------
(* Events and stale reads *)

\* A holder reads its index, looks at its term, shows, and announces to the others, who show it
\* when it has come to them: that tells clients nothing new. Without the rule, and where all that
\* an index holds is shown, whoever has it shows it.
Show(r) ==
  /\ told < LastWrite(index[r])
  /\ (Announced /\ Feed = "watch") => IsValid(r)
  /\ told' = LastWrite(index[r])
  /\ UNCHANGED <<log, op, lease, index, passed, read, wrong>>

-----------------------------------------------------------------------------
Next ==
  \/ Expire \/ Answer \/ Abandon
  \/ \E r \in Replicas : Take(r) \/ Crash(r) \/ Learn(r) \/ Pass(r) \/ Read(r) \/ Show(r)
  \/ \E t \in barriers : CommitBarrier(t)
  \/ \E w \in Writes :
       \/ Commit(w) \/ Acknowledge(w) \/ DecideAgain(w) \/ RefuseUnexplained(w)
       \/ \E k \in Keys, r \in Replicas : Send(w, k, r)

Spec == Init /\ [][Next]_vars

Symmetry == Permutations(Keys) \cup Permutations(Writes)

\* Each answer has a place in the one order of the store between its question and itself.
Linearizable == wrong = "nothing"

\* Why that is so: who may answer has all that any client knows.
HolderKnows == Reason => \A r \in Replicas : IsActive(r) => told <= index[r]
=============================================================================
