// SPDX-License-Identifier: Apache-2.0
// The life of an uploaded payments file: read, looked at by a person, loaded. Its file waits in DATA/spool
// and outlives the server; one worker at a time holds it by a lease, and another takes it up when that one is
// gone.
#ifndef ANCHORAGE_SPEND_IMPORT_H
#define ANCHORAGE_SPEND_IMPORT_H

#include "spend/load.h"

// ---- states (core.spend_import.state) ------------------------------------------------------------------
enum import_state {
    IMPORT_WAITING, // for a worker to read it
    IMPORT_READING,
    IMPORT_READY,   // for a person to look at it
    IMPORT_REFUSED, // it cannot be read; the person may say how, or throw it away
    IMPORT_QUEUED,  // a person said that it is to be loaded
    IMPORT_LOADING,
    IMPORT_LOADED,
    IMPORT_FAILED, // something of ours went wrong; nothing was stored
    IMPORT_DROPPED,
    IMPORT_STATES
};

enum import_step {
    STEP_TAKE,      // a worker takes it, or takes it over from one that is gone
    STEP_READ,      // it was read
    STEP_REFUSE,    // it cannot be read
    STEP_ASK,       // loading showed a question that nobody has answered: back to the person
    STEP_DONE,      // it is loaded
    STEP_FAIL,      // something went wrong
    STEP_GIVE_BACK, // the worker has to stop; another goes on
    STEP_AGAIN,     // a person: read it once more
    STEP_LOAD,      // a person: load it
    STEP_DROP,      // a person, or time: throw it away
    IMPORT_STEPS
};

// Whether the step can be taken from this state, and where it leads.
bool import_next(enum import_state from, enum import_step step, enum import_state *ret);
const char *import_state_word(enum import_state s); // "waiting"
bool import_state_of(const char *word, enum import_state *ret);
bool import_is_over(enum import_state s); // its file is gone

// ---- what people do. Actors are officers of the place: each sees all imports and may go on with them. ----
#define IMPORT_OF_PERSON 20 // files that may wait at once
#define IMPORT_OF_ANCHOR 50
#define IMPORT_BYTES     (INT64_C(4) << 30) // of all files together
#define IMPORT_KEEP_DAYS "30"               // a file nobody touches is thrown away after that

struct import_upload {
    const char *anchor_ref;
    int32_t kind; // ANC_FILE_TIER2, or ANC_FILE_PAYMENTS
    const char *file_name;
    const char *path;  // the file of the upload, in the spool folder; it is moved, not copied
    const char *spool; // folder DATA/spool
    int64_t bytes;
};

// ERR_INVALID with field "file" or "anchor" and what to do: too many files wait, there is no such anchor, the
// file is empty. The file is then left where it was.
enum err import_add(struct ctx *c, const struct import_upload *u, const char **ret_ref) MUST;

// To be read once more: as before; as its columns are found, what was settled for these headings being
// forgotten; or with the columns a person settled, which are kept for these headings once they have worked.
enum import_reading { READ_AS_BEFORE, READ_AS_FOUND, READ_AS_SETTLED };
enum err import_again(struct ctx *c, const char *ref, int32_t kind, enum import_reading how,
                      const struct anc_columns *columns) MUST;

struct import_answers {
    int32_t month;             // first day of it; INT32_MIN: not said
    enum load_overlap overlap; // OVERLAP_ASK: not said
    const char *replaces;      // reference of a load of the same anchor, "" none
};

// To be loaded. ERR_INVALID with field "month" or "overlap" when the file needs an answer that is not given,
// "replaces" when there is no such load; ERR_CONFLICT when it is no longer waiting for that.
enum err import_load(struct ctx *c, const char *ref, const struct import_answers *answers) MUST;

// Thrown away with its file. ERR_CONFLICT while it is being loaded or when it is over.
enum err import_drop(struct ctx *c, const char *spool, const char *ref) MUST;

// ---- what workers do -------------------------------------------------------------------------------------
#define IMPORT_LEASE_S 30
#define IMPORT_TRIES   3 // a file that takes the server down with it is not read for ever

struct import_work {
    int64_t id, turn, tries;
    const char *ref, *path; // of the file, in the folder given
    bool loading;           // else: reading
    struct load_orders orders;
    struct anc_columns columns; // orders.columns points here when a person settled them
    int64_t person_id;          // who settled it, or asked for the load
};

// The next one to be worked on, held for IMPORT_LEASE_S. *ret_found false: there is none.
enum err import_take(struct ctx *c, const char *spool, struct import_work *ret, bool *ret_found) MUST;

struct import_progress {
    int64_t done_bytes, all_bytes, rows, rows_second;
};
// Says how far it is and holds it longer. *ret_mine false: it is somebody else's by now, or was thrown away.
enum err import_beat(struct ctx *c, const struct import_work *w, const struct import_progress *p,
                     bool *ret_mine) MUST;

// What was understood, for the preview; columns that a person settled and that did are kept for the anchor.
enum err import_preview(struct ctx *c, const struct import_work *w, const struct load_summary *s) MUST;
// The first rows as they stand in the file, so that a person can say what their columns are.
enum err import_first_rows(struct ctx *c, const struct import_work *w, const struct anc_cells *rows) MUST;
// The same out of the file; one that is no table leaves none.
enum err import_glance(struct ctx *c, int fd, const struct import_work *w) MUST;

// How it ended, with a sentence for people (or ""), and of STEP_DONE the load's reference. ERR_CONFLICT when
// it is somebody else's by now: then nothing of this turn may stay.
enum err import_end(struct ctx *c, const struct import_work *w, enum import_step step, const char *problem,
                    const char *load_ref) MUST;

// Removes files that nobody touched for IMPORT_KEEP_DAYS, and files in the spool that no import holds.
enum err import_sweep(struct ctx *c, const char *spool) MUST;

#endif
