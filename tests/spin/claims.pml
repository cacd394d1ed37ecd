/* SPDX-License-Identifier: Apache-2.0
 *
 * Owners of one input partition share one partition of a compacted topic (decision 7). Every owner claims, restores, saves.
 * All of them run at the same time and as long as they like: an owner that is not scheduled any more has crashed, one that
 * goes on after another has claimed is a zombie.
 *
 * The log only grows. Compaction is left to the reader: a record that is followed by one of the same key is there or not,
 * as a reader of the log up to a place before that one likes. That is more than any broker does, because two readers
 * may differ.
 *
 * Three variables that no owner reads say what would be right: `champion`, who has the highest claim; `last`, the newest
 * head that was written by the champion of its time; `expected`, what `last` was when an owner's claim was written.
 */
#ifndef OWNERS
#define OWNERS 3
#endif
#ifndef SAVES
#define SAVES 2
#endif
#ifndef CHUNKS
#define CHUNKS 1
#endif
#ifndef ROOM
#define ROOM 12 /* records in the log: who finds it full stops, as in a crash */
#endif

#define NONE 255
#define CLAIM 1
#define CHUNK 2
#define HEAD 3
#define NOTHING 4

#ifdef HEADS_OF_ONE_KEY /* refuted: a zombie's head compacts the last good one away */
#define HEAD_NUMBER(n) 0
#else
#define HEAD_NUMBER(n) (n)
#endif
#ifdef CLAIMS_OF_ONE_KEY /* refuted: the second claim of an incarnation hides the first */
#define UUID(p) 0
#else
#define UUID(p) (p)
#endif
#ifdef CHUNKS_WITHOUT_INCARNATION /* refuted: a zombie's chunk under somebody else's head */
#define CHUNK_INCARNATION(inc) 0
#else
#define CHUNK_INCARNATION(inc) (inc)
#endif

/* A record. Its key is (what, incarnation, number); the number is of a claim the owner's uuid, of a head its save, of a
 * chunk save * 4 + chunk. */
typedef Record {
  byte what;
  byte incarnation;
  byte number;
  bool tomb;
  byte snapshot; /* whose: owner * 8 + save */
  byte newest    /* where the newest record of this key is */
}
Record log[ROOM];
byte end = 0;

byte champion = NONE;
byte highest = 0;
byte last = NONE;
byte begun = 0; /* owners differ by nothing: so they may as well begin in the order of their numbers */

inline append(kind_, inc_, num_, dead_, whose_) {
  log[end].what = kind_;
  log[end].incarnation = inc_;
  log[end].number = num_;
  log[end].tomb = dead_;
  log[end].snapshot = whose_;
  i = 0;
  do
  :: i <= end ->
    if
    :: log[i].what == kind_ && log[i].incarnation == inc_ && log[i].number == num_ -> log[i].newest = end
    :: else
    fi;
    i++
  :: else -> break
  od;
  end++;
  i = 0
}

#define THERE(i) ((there & (1 << (i))) != 0)

/* there: the records below `until`, without tombstones, that a reader finds. */
inline read(until) {
  there = 0;
  i = 0;
  do
  :: i < until && log[i].tomb -> i++
  :: i < until && !log[i].tomb && log[i].newest == i -> there = there | (1 << i); i++
  :: i < until && !log[i].tomb && log[i].newest != i && log[i].newest < until -> i++ /* replaced */
  :: i < until && !log[i].tomb && log[i].newest >= until -> i++                      /* compacted away, or */
  :: i < until && !log[i].tomb && log[i].newest >= until -> there = there | (1 << i); i++ /* not yet */
  :: i >= until -> break
  od;
  i = 0
}

/* What the other claims below `until` say of this one. */
inline look_at_claims(until) {
  higher_after = false;
  earlier = false;
  i = 0;
  do
  :: i < until ->
    if
    :: THERE(i) && log[i].what == CLAIM && i < claimed && log[i].incarnation >= inc -> earlier = true
    :: THERE(i) && log[i].what == CLAIM && i > claimed && log[i].incarnation > inc -> higher_after = true
    :: else
    fi;
    i++
  :: else -> break
  od;
  i = 0
}

/* best: the newest whole head before the claim that no claim of a higher incarnation precedes. */
inline choose() {
  i = 0;
  do
  :: i < until ->
    good = THERE(i) && log[i].what == HEAD;
#ifndef IGNORE_THE_ORDER /* refuted: a zombie's head counts */
    good = good && i < claimed;
    j = 0;
    do
    :: j < i && good ->
      good = !(THERE(j) && log[j].what == CLAIM && log[j].incarnation > log[i].incarnation);
      j++
    :: else -> break
    od;
#endif
    chunks = 0;
    j = 0;
    do
    :: j < until && good ->
      if
      :: THERE(j) && log[j].what == CHUNK && log[j].incarnation == CHUNK_INCARNATION(log[i].incarnation) &&
         log[j].number / 4 == log[i].snapshot % 8 ->
        assert(log[j].snapshot == log[i].snapshot); /* no mixed snapshot */
        chunks++
      :: else
      fi;
      j++
    :: else -> break
    od;
    if
    :: good && chunks == CHUNKS -> best = log[i].snapshot
    :: else
    fi;
    i++
  :: else -> break
  od;
  i = 0; j = 0; chunks = 0; good = false
}

proctype Owner(byte me) {
  byte inc = 0;
  byte claimed;           /* where */
  byte expected = NONE;
  byte until;
  byte save = 0;
  byte chunk = 0;
  int there = 0;          /* as bits */
  int known = 0;          /* records that may be in the way */
  int keep = 0;
  byte i = 0; byte j = 0; byte best = NONE; byte chunks = 0; byte clearing = NOTHING;
  bool good = false; bool higher_after = false; bool earlier = false;

  do
  :: end < ROOM ->
    d_step { /* which incarnations were there ever? The highest claim is never cleared away. */
      inc = 0;
      i = 0;
      do
      :: i < end ->
        if
        :: log[i].incarnation > inc -> inc = log[i].incarnation
        :: else
        fi;
        i++
      :: else -> break
      od;
      inc++;
      i = 0
    }
    d_step {
      end < ROOM && begun >= me;
      append(CLAIM, inc, UUID(me), false, NONE);
      claimed = end - 1;
      expected = last;
      if
      :: begun == me -> begun++
      :: else
      fi;
      if
      :: inc > highest -> highest = inc; champion = me
      :: else
      fi
    }
    until = end; /* the end is asked for; then the log is read up to it, while it grows */
    atomic {
      read(until);
      d_step {
        look_at_claims(until);
        known = 0;
        if
        :: !earlier && !higher_after ->
          choose();
          assert(champion != me || best == expected);
          do
          :: i < until ->
            if
            :: !log[i].tomb && log[i].newest == i -> known = known | (1 << i)
            :: else
            fi;
            i++
          :: else -> break
          od;
          i = 0
        :: else
        fi;
        there = 0; until = 0; best = NONE; expected = NONE
      }
    }
    if
    :: higher_after -> goto fenced
    :: !higher_after && earlier -> skip
    :: !higher_after && !earlier -> break
    fi
  od;

  do
  :: save < SAVES ->
    do
    :: chunk < CHUNKS ->
      d_step {
        end < ROOM;
        append(CHUNK, CHUNK_INCARNATION(inc), save * 4 + chunk, false, me * 8 + save);
        keep = keep | (1 << (end - 1));
        chunk++
      }
    :: else -> break
    od;
    skip;
    d_step {
      end < ROOM;
      append(HEAD, inc, HEAD_NUMBER(save), false, me * 8 + save);
      keep = keep | (1 << (end - 1));
      chunk = 0;
      if
      :: champion == me -> last = me * 8 + save
      :: else
      fi
    }
#ifndef NO_LOOK_BACK /* refuted: a zombie clears away what the next owner still needs */
    atomic { /* has anybody claimed since? */
      read(end);
      d_step {
        look_at_claims(end);
        assert(higher_after || last == me * 8 + save); /* what is said to be saved is what the next one finds */
        there = 0;
        i = 0
      }
    }
    if
    :: higher_after -> goto fenced
    :: else
    fi;
#endif
    skip;
    d_step {
      known = known & ~keep & ~(1 << claimed);
      clearing = HEAD
    }
    do
    :: clearing != NOTHING ->
      d_step {
        end < ROOM;
        i = 0;
        do
        :: i < ROOM && !((known & (1 << i)) && log[i].what == clearing && (clearing != CLAIM || log[i].incarnation < inc)) -> i++
        :: else -> break
        od;
        if
        :: i < ROOM ->
          known = known & ~(1 << i);
          j = i;
          append(log[j].what, log[j].incarnation, log[j].number, true, NONE);
          j = 0
        :: else ->
          if
          :: clearing == HEAD -> clearing = CHUNK
          :: clearing == CHUNK -> clearing = CLAIM
          :: clearing == CLAIM -> clearing = NOTHING
          fi
        fi;
        i = 0
      }
    :: else -> break
    od;
    skip;
    d_step { known = keep; keep = 0; save++ }
  :: else -> break
  od;
fenced:
  skip
}

init {
  atomic {
    byte p = 0;
    do
    :: p < OWNERS -> run Owner(p); p++
    :: else -> break
    od
  }
}
