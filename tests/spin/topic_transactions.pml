/* SPDX-License-Identifier: Apache-2.0
 *
 * Exactly once with a state topic (decision 7): quarantine, snapshot and offsets are one transaction. Claims are written
 * outside of it. A transaction of an owner that has lost the partition may still be open, and may still commit when the
 * group took its offsets before it gave the partition away.
 *
 * An owner is assigned by the group (`generation`), claims, reads back to its claim, restores, and goes on. A reader of what
 * is committed does not get past the first record of an open transaction, so who has read back to its claim has waited
 * for every transaction that wrote a head before it. The brokers end a transaction that is left open.
 */
#ifndef OWNERS
#define OWNERS 3
#endif
#ifndef RECORDS
#define RECORDS 3
#endif
#define NONE 255

byte generation = NONE;  /* whom the group gave the partition to */
byte claims = 0;         /* claims in the log so far: the place of a head is the number of claims before it */
byte quarantine = 0;     /* committed records of offsets, as bits */
bool doubled = false;
byte committed = 0;      /* the group's offset */
byte head_next = 0;      /* of the newest committed head: here the group fences, and claims are for waiting only */
/* open transactions, by owner */
bool has_head[OWNERS];
byte head_claims[OWNERS];

inline end_transaction(commits) {
  if
  :: commits ->
    doubled = doubled || (quarantine & pending) != 0;
    quarantine = quarantine | pending;
    committed = next;
#ifdef IN_ORDER_OF_CLAIMS /* refuted: an owner that the group put off long ago may still claim */
    if
    :: has_head[me] && head_claims[me] == claim -> head_next = next
    :: else
    fi
#else
    head_next = next
#endif
  :: !commits
  fi;
  has_head[me] = false; head_claims[me] = 0; pending = 0; accepted = false
}

proctype Owner(byte me) {
  byte claim = 0; byte next = 0; byte pending = 0; byte i = 0;
  bool accepted = false; bool flag = false;

  atomic { generation = me }
  d_step { claims++; claim = claims }
#ifndef WITHOUT_BARRIER /* refuted: the state is older than the offsets that are about to be committed */
  do
  :: i < OWNERS -> atomic { !(has_head[i] && head_claims[i] < claim); i++ }
  :: else -> break
  od;
  skip;
#endif
  d_step { /* restore, if the partition is still ours: a later owner's claim is seen, and this one gives up */
    next = head_next; i = 0; flag = generation == me
  }
  if
  :: !flag -> goto left
  :: flag -> assert(generation != me || next == committed)
  fi;
  do
  :: next < RECORDS && !accepted && !has_head[me] -> d_step { pending = pending | (1 << next); next++ }
  :: pending != 0 && !accepted ->
#ifdef OFFSETS_FIRST /* refuted: the group took the offsets, and the head comes after the next owner's claim */
    d_step { accepted = generation == me }
    if
    :: !accepted -> goto failed
    :: accepted
    fi;
    d_step { has_head[me] = true; head_claims[me] = claims }
#else
    d_step { has_head[me] = true; head_claims[me] = claims }
#ifdef UNFENCED /* refuted: a zombie's transaction commits */
    accepted = true;
#else
    d_step { accepted = generation == me }
#endif
    if
    :: !accepted -> goto failed
    :: accepted
    fi;
#endif
    d_step { end_transaction(true) }
  :: pending != 0 -> goto failed /* crash, abort, or the brokers' patience is over */
  :: next == RECORDS && pending == 0 -> break
  od;
  goto left;
failed:
  skip;
  d_step { end_transaction(false) }
left:
  skip
}

active proctype Watch() {
  atomic {
    (doubled || quarantine != (1 << committed) - 1) -> assert(false)
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
