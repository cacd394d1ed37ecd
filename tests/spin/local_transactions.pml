/* SPDX-License-Identifier: Apache-2.0
 *
 * Exactly once with a state folder (decision 7): a database and Kafka cannot commit together. First the snapshot of the next
 * epoch is made durable, then the transaction commits quarantine records and an offset whose metadata names the epoch.
 * Who starts, after a crash or an abort, takes the epoch that the committed metadata names and counts on from there.
 *
 * The folder keeps the newest epoch and the one before; saving an epoch drops that one and all later ones. It is locked, and
 * the producer's name fences: so there is one process at a time.
 */
#ifndef RECORDS
#define RECORDS 4
#endif
#ifndef STARTS
#define STARTS 5
#endif
#define NONE 255

/* the folder */
byte newer_epoch = NONE; byte newer_next; byte newer_once;
byte older_epoch = NONE; byte older_next; byte older_once;
/* the brokers */
byte committed_epoch = 0; byte committed_next = 0;
byte quarantine = 0;     /* offsets whose record was committed, as bits */
bool doubled = false;    /* one was committed twice */
/* the process */
byte epoch = 0; byte next; byte once; bool twice = false;
byte open = 0;           /* offsets written in the open transaction */
byte starts = 0;

inline commit() {
  doubled = doubled || (quarantine & open) != 0;
  quarantine = quarantine | open;
  committed_next = next;
  committed_epoch = epoch
}

inline save() {
  if
  :: newer_epoch != NONE && newer_epoch >= epoch -> newer_epoch = older_epoch; newer_next = older_next; newer_once = older_once; older_epoch = NONE
  :: else
  fi;
  if
  :: newer_epoch != NONE && newer_epoch >= epoch -> newer_epoch = NONE
  :: newer_epoch != NONE && newer_epoch < epoch -> older_epoch = newer_epoch; older_next = newer_next; older_once = newer_once
  :: else
  fi;
  newer_epoch = epoch; newer_next = next; newer_once = once
}

active proctype Process() {
start:
  skip;
  d_step { /* the transaction that was open is aborted; what is committed is asked for */
    starts++;
    open = 0;
#ifdef NEWEST /* refuted: a state ahead of the transaction that was lost */
    if
    :: newer_epoch == NONE -> epoch = 0; next = 0; once = 0
    :: else -> epoch = newer_epoch; next = newer_next; once = newer_once
    fi;
    next = committed_next
#else
    if
    :: committed_epoch == 0 -> next = 0; once = 0
    :: committed_epoch != 0 && committed_epoch == newer_epoch -> next = newer_next; once = newer_once
    :: committed_epoch != 0 && committed_epoch != newer_epoch && committed_epoch == older_epoch -> next = older_next; once = older_once
    :: else -> assert(false) /* the epoch that was committed is gone */
    fi;
#ifdef COUNT_ON /* refuted: two aborted epochs push out the committed one */
    if
    :: newer_epoch != NONE && newer_epoch > committed_epoch -> epoch = newer_epoch
    :: else -> epoch = committed_epoch
    fi;
#else
    epoch = committed_epoch;
#endif
#endif
    assert(next == committed_next)
  }
  skip;
  do
  :: next < RECORDS -> /* judge a record, and write it to the quarantine */
    d_step {
      twice = twice || (once & (1 << next)) != 0;
      once = once | (1 << next);
      open = open | (1 << next);
      next++
    }
  :: open != 0 ->
    epoch++;
#ifdef COMMIT_FIRST /* refuted: a crash between the two, and the epoch is nowhere */
    d_step { commit(); open = 0 }
    if
    :: starts < STARTS -> goto start
    :: true
    fi;
    d_step { save() }
#else
    d_step { save() }
    if
    :: starts < STARTS -> goto start /* crash, or abort, in between */
    :: true
    fi;
    d_step { commit(); open = 0 }
#endif
    if
    :: starts < STARTS -> goto start /* crash: nobody was told that it committed */
    :: true
    fi
  :: starts < STARTS -> goto start
  :: next == RECORDS && open == 0 -> break
  od;
  assert(quarantine == (1 << RECORDS) - 1)
}

active proctype Watch() {
  atomic { (doubled || twice || quarantine != (1 << committed_next) - 1) -> assert(false) }
}
