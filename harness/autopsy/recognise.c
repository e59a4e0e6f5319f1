/* SPDX-License-Identifier: MIT
 *
 * recognise: see recognise.h. To add a lock: one row, and a test of it with the
 * real library in tests/wild.bats.
 */
#define _GNU_SOURCE
#include "autopsy/recognise.h"

#include <string.h>

#include "autopsy/symbols.h"

/* A function that waits. With `end` the name starts with `name` and ends with
 * that: a namespace with a version may be between them. */
struct row {
    const char *name, *end;
    enum lock_kind kind;
    bool foreign;
    const char *called, *detail;
};

static const struct row rows[] = {
    /* POSIX threads, and C11's */
    {"pthread_mutex_lock", NULL, LOCK_MUTEX, false, NULL, NULL},
    {"pthread_mutex_timedlock", NULL, LOCK_MUTEX, false, NULL, NULL},
    {"pthread_mutex_clocklock", NULL, LOCK_MUTEX, false, NULL, NULL},
    {"mtx_lock", NULL, LOCK_MUTEX, false, NULL, NULL},
    {"mtx_timedlock", NULL, LOCK_MUTEX, false, NULL, NULL},
    {"pthread_rwlock_rdlock", NULL, LOCK_RWLOCK, false, NULL, NULL},
    {"pthread_rwlock_wrlock", NULL, LOCK_RWLOCK, false, NULL, NULL},
    {"pthread_rwlock_timedrdlock", NULL, LOCK_RWLOCK, false, NULL, NULL},
    {"pthread_rwlock_timedwrlock", NULL, LOCK_RWLOCK, false, NULL, NULL},
    {"pthread_rwlock_clockrdlock", NULL, LOCK_RWLOCK, false, NULL, NULL},
    {"pthread_rwlock_clockwrlock", NULL, LOCK_RWLOCK, false, NULL, NULL},
    {"pthread_cond_wait", NULL, LOCK_CONDITION, false, NULL, NULL},
    {"pthread_cond_timedwait", NULL, LOCK_CONDITION, false, NULL, NULL},
    {"pthread_cond_clockwait", NULL, LOCK_CONDITION, false, NULL, NULL},
    {"pthread_cond_destroy", NULL, LOCK_CONDITION, false, NULL,
     "destroyed while threads wait for it"},
    {"cnd_wait", NULL, LOCK_CONDITION, false, NULL, NULL},
    {"cnd_timedwait", NULL, LOCK_CONDITION, false, NULL, NULL},
    {"sem_wait", NULL, LOCK_SEMAPHORE, false, NULL, NULL},
    {"sem_timedwait", NULL, LOCK_SEMAPHORE, false, NULL, NULL},
    {"sem_clockwait", NULL, LOCK_SEMAPHORE, false, NULL, NULL},
    {"pthread_barrier_wait", NULL, LOCK_BARRIER, false, NULL, NULL},
    {"pthread_barrier_destroy", NULL, LOCK_BARRIER, false, NULL, NULL},
    {"pthread_join", NULL, LOCK_JOIN, false, NULL, NULL},
    {"pthread_timedjoin_np", NULL, LOCK_JOIN, false, NULL, NULL},
    {"pthread_clockjoin_np", NULL, LOCK_JOIN, false, NULL, NULL},
    {"thrd_join", NULL, LOCK_JOIN, false, NULL, NULL},
    {"pthread_once", NULL, LOCK_ONCE, false, NULL, NULL},
    {"call_once", NULL, LOCK_ONCE, false, NULL, NULL},
    /* C++ */
    {"cxa_guard_acquire", NULL, LOCK_ONCE, true, NULL, NULL},
    {"std::__atomic_futex_unsigned_base::_M_futex_wait_until", NULL, LOCK_FUTEX,
     true, "the value of a std::future", NULL},
    {"std::__atomic_futex_unsigned_base::_M_futex_wait_until_steady", NULL,
     LOCK_FUTEX, true, "the value of a std::future", NULL},
    /* Abseil: its namespaces have versions */
    {"absl::", "::Mutex::Lock", LOCK_MUTEX, true, NULL, NULL},
    {"absl::", "::Mutex::ReaderLock", LOCK_MUTEX, true, NULL, NULL},
    {"absl::", "::Mutex::Await", LOCK_CONDITION, true,
     "a condition of an absl::Mutex", NULL},
    {"absl::", "::CondVar::Wait", LOCK_CONDITION, true, NULL, NULL},
    /* GLib */
    {"g_mutex_lock", NULL, LOCK_MUTEX, true, NULL, NULL},
    {"g_mutex_lock_slowpath", NULL, LOCK_MUTEX, true, NULL, NULL},
    {"g_cond_wait", NULL, LOCK_CONDITION, true, NULL, NULL},
    {"g_cond_wait_until", NULL, LOCK_CONDITION, true, NULL, NULL},
    /* Rust */
    {"std::sys::", "::mutex::futex::Mutex::lock_contended", LOCK_MUTEX, true,
     NULL, NULL},
    {"std::sys::", "::futex_mutex::Mutex::lock_contended", LOCK_MUTEX, true,
     NULL, NULL},
    {"std::sys::", "::RwLock::read_contended", LOCK_RWLOCK, true, NULL, NULL},
    {"std::sys::", "::RwLock::write_contended", LOCK_RWLOCK, true, NULL, NULL},
    {"std::sys::", "::Once::call", LOCK_ONCE, true, NULL, NULL},
    /* OpenMP: GNU's library, LLVM's */
    {"GOMP_barrier", NULL, LOCK_BARRIER, true,
     "the barrier of OpenMP's threads", NULL},
    {"GOMP_critical_start", NULL, LOCK_MUTEX, true,
     "the lock of an OpenMP critical section", NULL},
    {"GOMP_critical_name_start", NULL, LOCK_MUTEX, true,
     "the lock of an OpenMP critical section", NULL},
    {"GOMP_ordered_start", NULL, LOCK_FUTEX, true,
     "the turn in an ordered loop of OpenMP", NULL},
    {"GOMP_taskwait", NULL, LOCK_FUTEX, true, "the end of tasks of OpenMP",
     NULL},
    {"omp_set_lock", NULL, LOCK_MUTEX, true, NULL, NULL},
    {"omp_set_nest_lock", NULL, LOCK_MUTEX, true, NULL, NULL},
    {"GOMP_loop_end", NULL, LOCK_BARRIER, true,
     "the barrier of OpenMP's threads", NULL},
    {"GOMP_sections_end", NULL, LOCK_BARRIER, true,
     "the barrier of OpenMP's threads", NULL},
    {"GOMP_parallel", NULL, LOCK_BARRIER, true,
     "the barrier of OpenMP's threads", NULL},
    {"GOMP_parallel_end", NULL, LOCK_BARRIER, true,
     "the barrier of OpenMP's threads", NULL},
    {"kmpc_fork_call", NULL, LOCK_BARRIER, true,
     "the barrier of OpenMP's threads", NULL},
    {"kmpc_barrier", NULL, LOCK_BARRIER, true,
     "the barrier of OpenMP's threads", NULL},
    /* Go */
    {"runtime.notesleep", NULL, LOCK_FUTEX, true, "a note of Go's runtime",
     NULL},
    {"runtime.lock2", NULL, LOCK_MUTEX, true, "a lock of Go's runtime", NULL},
    /* HotSpot, around a function of the C library that has no name */
    {"PosixSemaphore::wait", NULL, LOCK_SEMAPHORE, false, NULL, NULL},
    /* musl, where it is a part of the program */
    {"lockfile", NULL, LOCK_LIBC, true, "the lock of a stream", NULL},
    /* Spin locks of allocators: they sleep now and then */
    {"base::internal::SpinLockDelay", NULL, LOCK_MUTEX, true,
     "a spin lock of tcmalloc", NULL},
    {"AbslInternalSpinLockDelay", "", LOCK_MUTEX, true, "a spin lock of Abseil",
     NULL},
};

/* What a library uses one of POSIX threads for: functions of the library that
 * has called it. LOCK_FUTEX: the kind stays, and the owner is that of the lock.
 */
static const struct row purposes[] = {
    {"je_malloc_mutex_lock_slow", NULL, LOCK_FUTEX, false, "a lock of jemalloc",
     NULL},
    {"malloc_mutex_lock_slow", NULL, LOCK_FUTEX, false, "a lock of jemalloc",
     NULL},
    /* HotSpot: of JDK 17 to 25 */
    {"ObjectMonitor::enter", NULL, LOCK_MUTEX, true,
     "the monitor of a Java object", NULL},
    {"ObjectMonitor::EnterI", NULL, LOCK_MUTEX, true,
     "the monitor of a Java object", NULL},
    {"ObjectMonitor::ReenterI", NULL, LOCK_MUTEX, true,
     "the monitor of a Java object", NULL},
    {"ObjectMonitor::enter_internal", NULL, LOCK_MUTEX, true,
     "the monitor of a Java object", NULL},
    {"ObjectMonitor::reenter_internal", NULL, LOCK_MUTEX, true,
     "the monitor of a Java object", NULL},
    {"ObjectMonitor::wait", NULL, LOCK_CONDITION, true,
     "a notification of a Java object (Object.wait)", NULL},
    {"Parker::park", NULL, LOCK_CONDITION, true,
     "a LockSupport.unpark of its Java thread", NULL},
    {"VMThread::execute", NULL, LOCK_CONDITION, true, "the JVM's VM thread",
     NULL},
};

/* The locks inside of a C library: no variables of the program. The name is the
 * one that a programmer writes, see plain_name(). Functions that take one of
 * several locks (exit, fork, dlopen) are in no row. */
static const struct {
    const char *functions; /* each between two blanks */
    const char *called;
} locks_of_libc[] = {
    {" localtime localtime_r gmtime gmtime_r ctime ctime_r mktime timelocal "
     "tzset strftime strftime_l wcsftime tz_convert localtime64 localtime64_r ",
     "the C library's time zone lock"},
    {" malloc calloc realloc reallocarray free cfree aligned_alloc memalign "
     "posix_memalign valloc pvalloc mallinfo mallinfo2 malloc_trim malloc_info "
     "malloc_stats ",
     "malloc's lock"},
    {" getaddrinfo getnameinfo gethostbyname gethostbyname2 gethostbyaddr "
     "gethostbyname_r gethostbyaddr_r res_init res_ninit ",
     "the resolver's lock"},
    {" setlocale newlocale freelocale duplocale ", "the lock of the locale"},
    {" syslog vsyslog syslog_chk vsyslog_chk openlog closelog setlogmask ",
     "the lock of syslog"},
    {" random srandom initstate setstate rand srand ", "the lock of random"},
    {" setenv putenv unsetenv clearenv ", "the lock of the environment"},
    {" fopen fopen64 fdopen freopen fclose fcloseall ",
     "the lock of all streams"},
    {" fflush printf fprintf vprintf vfprintf printf_chk fprintf_chk "
     "vprintf_chk vfprintf_chk puts fputs putc putchar fputc putc_unlocked "
     "flockfile fread fwrite getline getdelim fgets fgetc getc getchar ungetc "
     "perror fseek fseeko ftell ftello rewind fscanf scanf vfscanf setvbuf ",
     "the lock of a stream"},
};

static bool fits(const struct row *row, const char *name)
{
    size_t length = strlen(row->name);

    if (row->end == NULL)
        return name_length(name) == length &&
               strncmp(name, row->name, length) == 0;
    size_t whole = name_length(name), end = strlen(row->end);
    return whole >= length + end && strncmp(name, row->name, length) == 0 &&
           strncmp(name + whole - end, row->end, end) == 0;
}

static const struct row *find_row(const struct row *table, size_t size,
                                  const struct frame *frame)
{
    if (frame->function == NULL)
        return NULL;
    /* A C library's own function has a name that no program may give. */
    const bool reserved = strncmp(frame->function, "__", 2) == 0;
    for (size_t i = 0; i < size; i++)
        if (fits(&table[i], plain_name(frame->function)) &&
            (table[i].kind != LOCK_LIBC || reserved))
            return &table[i];
    return NULL;
}

static struct recognised result_of(const struct row *row)
{
    return (struct recognised){.kind = row->kind,
                               .foreign = row->foreign,
                               .name = row->called,
                               .detail = row->detail};
}

/* What the callers of that function of the C library use it for. */
static struct recognised with_purpose(const struct row *row,
                                      const struct frame *callers, size_t count)
{
    struct recognised result = result_of(row);

    for (size_t i = 0; i < count; i++) {
        const struct row *purpose = find_row(
            purposes, sizeof(purposes) / sizeof(purposes[0]), &callers[i]);
        if (purpose == NULL)
            continue;
        if (purpose->kind != LOCK_FUTEX)
            return result_of(purpose);
        result.name = purpose->called;
        break;
    }
    return result;
}

/* The name of the C library's lock that this function of it takes, or NULL. */
static const char *lock_of_libc(const struct frame *frame)
{
    char word[64];

    if (!frame->in_libc || frame->function == NULL)
        return NULL;
    const char *name = plain_name(frame->function);
    int length =
        snprintf(word, sizeof(word), " %.*s ", (int)name_length(name), name);
    if (length >= (int)sizeof(word))
        return NULL;
    for (size_t i = 0; i < sizeof(locks_of_libc) / sizeof(locks_of_libc[0]);
         i++)
        if (strstr(locks_of_libc[i].functions, word) != NULL)
            return locks_of_libc[i].called;
    return NULL;
}

static bool same_library(const struct frame *a, const struct frame *b)
{
    return a->library != NULL && b->library != NULL
               ? strcmp(a->library, b->library) == 0
               : a->library == b->library;
}

/* So many frames of the program may be between a lock of a runtime that is
 * linked into it (Go's, Rust's) and futex(2), with its own. */
#define OWN_FRAMES 3

/* The frames that may tell: those of the C library, and then those of the file
 * that has called it. What has called that one only led here. */
static size_t telling(const struct frame *frames, size_t count)
{
    size_t i = 0, libc;

    while (i < count && frames[i].in_libc)
        i++;
    libc = i;
    while (i < count && (frames[i].in_libc ||
                         (same_library(&frames[i], &frames[libc]) &&
                          (!frames[libc].in_program || i < libc + OWN_FRAMES))))
        i++;
    return i;
}

struct recognised recognise(const struct frame *frames, size_t count)
{
    struct recognised result = {.kind = LOCK_FUTEX};
    size_t most = telling(frames, count), i = 0;

    for (i = 0; i < most; i++) {
        const struct row *row =
            find_row(rows, sizeof(rows) / sizeof(rows[0]), &frames[i]);
        if (row != NULL)
            return with_purpose(row, frames + i + 1, most - i - 1);
    }
    for (i = 0; i < most && frames[i].in_libc; i++) {
        const char *name = lock_of_libc(&frames[i]);
        if (name != NULL)
            return (struct recognised){.kind = LOCK_LIBC, .name = name};
    }
    /* frames[i] is the first one outside of the C library. */
    bool direct = i > 0 && (i == count || frames[i].in_program);
    if (direct && frames[i - 1].function != NULL &&
        strcmp(plain_name(frames[i - 1].function), "syscall") != 0)
        result.kind = LOCK_LIBC;
    else if (i < count)
        result.library = frames[i].library;
    return result;
}
