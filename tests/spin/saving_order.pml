/* SPDX-License-Identifier: Apache-2.0
 *
 * At least once: in which order an owner writes to the quarantine, waits, saves and commits (decision 7). Every record of
 * the input partition fails, so each belongs into the quarantine. The place for snapshots keeps what claims.pml
 * proves: a save is whole or not there, and counts only while its owner has the last claim.
 *
 * An owner that is not scheduled any more has crashed: what it wrote and nobody acknowledged may have arrived or not.
 */
#ifndef OWNERS
#define OWNERS 3
#endif
#ifndef RECORDS
#define RECORDS 3
#endif
#define NONE 255
#define BELOW(offset) ((1 << (offset)) - 1)

#ifdef SAVE_BEFORE_ACKNOWLEDGED /* refuted: records are missing below a restored offset */
#define MAY_SAVE true
#else
#define MAY_SAVE ((acknowledged & BELOW(taken_next)) == BELOW(taken_next))
#endif

byte quarantine = 0;     /* offsets that arrived there, as bits */
byte saved_next = 0;     /* of the newest snapshot */
byte saved_once = 0;     /* offsets that it counts once, and more than once */
byte saved_twice = 0;
byte committed = 0;      /* of the group: a zombie commits as it likes */
byte champion = NONE;

proctype Owner(byte me) {
  byte next; byte once; byte twice;                          /* the state in memory */
  byte taken_next = NONE; byte taken_once = 0; byte taken_twice = 0; /* a snapshot that waits for its acknowledgements */
  byte flying = 0; byte acknowledged;                        /* quarantine records, as bits */
  bool stopped = false;

  atomic { /* claim, restore, seek */
    champion = me;
    once = saved_once; twice = saved_twice;
#ifdef SEEK_TO_COMMITTED /* refuted: the group's offset lags behind the state */
    next = committed;
#else
    next = saved_next;
#endif
    acknowledged = BELOW(next); /* what lies below is none of this owner's business */
    assert((quarantine & BELOW(saved_next)) == BELOW(saved_next))
  }
  do
  :: !stopped && next < RECORDS -> /* judge a record */
    atomic {
      twice = twice | (once & (1 << next));
      once = once | (1 << next);
      flying = flying | (1 << next);
      next++
    }
  :: flying != 0 -> /* one arrives, whichever; its acknowledgement comes now, or later */
    atomic {
      if
      :: (flying & 1) && !(quarantine & 1) -> quarantine = quarantine | 1
      :: (flying & 2) && !(quarantine & 2) -> quarantine = quarantine | 2
      :: (flying & 4) && !(quarantine & 4) -> quarantine = quarantine | 4
      :: (flying & 8) && !(quarantine & 8) -> quarantine = quarantine | 8
      :: (flying & quarantine & 1) -> acknowledged = acknowledged | 1; flying = flying & ~1
      :: (flying & quarantine & 2) -> acknowledged = acknowledged | 2; flying = flying & ~2
      :: (flying & quarantine & 4) -> acknowledged = acknowledged | 4; flying = flying & ~4
      :: (flying & quarantine & 8) -> acknowledged = acknowledged | 8; flying = flying & ~8
      fi
    }
  :: !stopped && taken_next == NONE && next > saved_next -> /* take a snapshot; judging goes on meanwhile */
    atomic { taken_next = next; taken_once = once; taken_twice = twice }
#ifdef COMMIT_FIRST /* refuted: the group's offset is ahead of the snapshot */
  :: !stopped && taken_next != NONE -> committed = taken_next
#endif
  :: !stopped && taken_next != NONE && MAY_SAVE ->
    atomic {
      if
#ifdef UNFENCED /* refuted: a zombie puts an older state into the place of a newer one */
      :: true ->
#else
      :: champion == me ->
#endif
        assert(taken_next >= saved_next);
        saved_next = taken_next; saved_once = taken_once; saved_twice = taken_twice
      :: champion != me -> stopped = true /* the save failed: somebody else has claimed */
      fi
    }
    if
    :: stopped -> skip
    :: !stopped -> committed = taken_next /* may be much later */
    fi;
    d_step { taken_next = NONE; taken_once = 0; taken_twice = 0 }
  od
}

/* All of it holds in every state, whoever crashes in the next. */
active proctype Watch() {
  atomic {
    !((quarantine & BELOW(saved_next)) == BELOW(saved_next) && saved_twice == 0 &&
      saved_once == BELOW(saved_next) && committed <= saved_next) ->
    assert(false)
  }
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
