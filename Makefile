# SPDX-License-Identifier: MIT
#
# A thin face over build/forklab, which does the work and whose exit status says
# more than make's. Nothing here lists the labs: the directories are the list.
# Lines that start with ## are what `make help` prints.

MAKEFLAGS += --no-builtin-rules
.DEFAULT_GOAL := help
.SECONDEXPANSION:
N ?= 100
PREFIX ?= /usr/local
SECONDS ?= 60
WORK ?= docker/work

# What forklab tells the compiler for an attempt, make tells it for the rest.
flags = $(shell awk '/define $(1)/, !/\\$$/ { gsub(/.*$(1)|[",\\]/, ""); print }' \
    harness/course/flags.h)
language := $(call flags,FLAGS_LANGUAGE)
WARNINGS := $(call flags,FLAGS_WARNINGS)
CFLAGS ?= $(call flags,FLAGS_CODE)
WERROR ?= $(CI)
cc = $(CC)
compile = $(cc) $(language) $(CPPFLAGS) $(CFLAGS) $(WARNINGS) \
          $(if $(WERROR),-Werror) -MMD -MP -MF $@.d
say = $(if $(V),,@printf '  %s\n' '$@';)

PKG_CONFIG ?= pkg-config
package = $(shell $(PKG_CONFIG) $(1) libelf libcjson 2>/dev/null)
package_cflags := $(call package,--cflags)
libraries := $(or $(call package,--libs),-lelf -lcjson) -lm -ldl -lutil

# LIBC=musl: the labs, not the runner, are built with musl, below build/musl.
directory := $(if $(filter musl,$(LIBC)),build/musl,build)
libc = $(if $(LIBC), --libc '$(LIBC)')

runner := $(patsubst %.c,build/%.o,$(filter-out harness/bench/% harness/fuzz/%, \
    $(wildcard harness/*.c harness/*/*.c)))
objects := $(wildcard labs/[0-9]*.so.c)
sources := $(filter-out $(objects),$(wildcard labs/[0-9]*.c solutions/[0-9]*.c))
tried := $(wildcard attempts/[0-9]*.c)
labs := $(patsubst %.c,$(directory)/%,$(sources))
unit_tests := $(patsubst harness/%.c,build/%,$(wildcard harness/tests/unit/*_test.c))
test_programs := $(patsubst harness/%.c,build/%,$(wildcard harness/tests/programs/*.c))

# `make check 31` is check-31 with a blank for the hyphen, not all tests. A number
# among the goals, or N=31 where only stress-N has an N, ends make before it
# builds or runs anything.
verb := $(firstword $(filter lab solution diff try reset check watch hint explain \
    stress,$(MAKECMDGOALS:%-=%)))
number := $(firstword $(filter 0% 1% 2% 3% 4% 5% 6% 7% 8% 9%,$(MAKECMDGOALS)) \
    $(if $(filter stress-%,$(MAKECMDGOALS)),, \
    $(if $(verb),$(if $(filter command%,$(origin N)),$(N)))))
ifneq ($(number),)
$(error There is no target '$(number)'. \
    Did you mean:  make $(or $(verb),lab)-$(firstword $(subst -, ,$(number))) ?)
endif

## forklab: what goes wrong with fork(2), in small programs that you can run
## usage: make TARGET...            N is the number of a lab, 31 for example
##
##   setup        install what is missing       (doctor  what this machine can)
##   labs         run every lab and every solution, and print the table
##   list         the labs, by chapter, and which of them you have cured
.PHONY: help setup labs
help:
	@sed -n 's/^## \{0,1\}//p' Makefile

setup:
	@sh harness/scripts/setup.sh run $(filter check check-docker lint,$(MAKECMDGOALS))

labs: build
	@build/forklab run --all$(libc)

# For teachers: NAME=name of a new lab, OUT=file for the labs as a PDF.
.PHONY: new-lab handout
new-lab handout: build/forklab
	@build/forklab $@ $(if $(NAME),'$(NAME)') $(if $(OUT),'$(OUT)')

# What forklab does without more, by its name: diff-31 is `forklab diff 31`.
.PHONY: doctor list
doctor list: build/forklab
	@build/forklab $@

define verb_of_a_lab
$(1)-%: build/forklab
	@build/forklab $(1) '$$*'
endef
$(foreach name,diff try reset explain hint,$(eval $(call verb_of_a_lab,$(name))))

##
##   lab-N        run lab N: what happened, and the proof of it
##   solution-N   run the same program with the cure
##   diff-N       what the cure changes
##   try-N        copy lab N to attempts/       (reset-N  start again)
##   explain-N    why, in a few lines
##   hint-N       one of three hints to cure it yourself
##   check-N      is it safe? says why if not   (watch-N  at each save)
##   grade        check all attempts            (class  of many: SUBS=directory)
##   stress-N     run lab and solution N=100 times each; stops at a surprise
# lab-3 and lab-03 both mean labs/03-*.c; the runner tells who asks for another
# that there is none. A program that a lab executes is called NN-name.exec.c, a
# shared object that its programs are linked with NN-name.so.c.
named = $(patsubst %.c,$(directory)/%,$(wildcard $(1)/$(2)-*.c $(1)/0$(2)-*.c))
lab-%: build/forklab $$(call named,labs,$$*)
	@build/forklab run '$*'$(libc)

solution-%: build/forklab $$(call named,solutions,$$*)
	@build/forklab run '$*' --solution$(libc)

stress-%: build/forklab $$(call named,labs,$$*) $$(call named,solutions,$$*)
	@build/forklab stress '$*' --runs '$(N)'$(libc)

# forklab compiles an attempt by itself. What make builds for it is the shared
# object that a lab may come with. SEED=3: only that run. RUNS=100 instead of 20.
watch-%: build/forklab $$(call object,build,$$*)
	@build/forklab watch '$*'

check-%: build/forklab $(directory)/ready $$(call object,$(directory),$$*)
	@build/forklab check '$*'$(libc)$(if $(SEED), --seed '$(SEED)') \
	    $(if $(RUNS),--runs '$(RUNS)')

# SUBS has a directory for each student, JOBS=n at a time, OUT=directory; how to
# use a cluster for it: harness/scripts/cluster/
.PHONY: grade class
class grade: export JOBS := $(JOBS)
class grade: export RUNS := $(RUNS)
class grade: build/forklab $(patsubst %.c,build/%,$(objects))
grade:
	@build/forklab grade $(if $(SUBMISSION),--submission '$(SUBMISSION)') \
	    $(if $(OUT),--out '$(OUT)') $(if $(RUNS),--runs '$(RUNS)')

class:
	@harness/scripts/class.sh '$(SUBS)' $(if $(OUT),'$(OUT)')

##
##   build        compile what has changed      (clean  remove build/)
##   check        run all tests             (what they need: make setup check)
##   lint         warnings, format, pairs   (install  to PREFIX=/usr/local)
# mutate: takes a rule out of the runner, one after the other; a test must see it
# maze: N=100 random programs, natively and in the cage; no proof may be false
# check-docker: the image, in containers   check-deep: under ASan, then valgrind
# bench: times, beside timeout, eu-stack and gdb; build/bench.svg
# fuzz: parsers and printers under libFuzzer, SECONDS=60 each
# wall: of a workshop, a line for each directory in WORK
# man: the manual; man -M build/man forklab
.PHONY: build check check-programs unit-tests lint maze mutate check-docker \
    check-deep \
    bench fuzz wall install uninstall man clean
build: build/forklab $(labs)

check-programs: build unit-tests $(test_programs) build/tests/maze/maze
unit-tests: $(unit_tests)

check: check-programs
	@bash harness/tests/check.bash

lint:
	@bash harness/scripts/lint.sh

maze: check-programs
	@bash harness/tests/maze.bash '$(N)'

mutate: check-programs
	@bash harness/tests/mutate.bash

check-docker: build/forklab
	@bash harness/tests/check.bash docker.bats

check-deep: build
	@bash harness/scripts/deep.sh

bench: build build/bench
	@build/bench

fuzz:
	@bash harness/fuzz/fuzz.sh $(SECONDS)

wall:
	@bash docker/wall.sh '$(WORK)'

install: build
uninstall install:
	@sh harness/scripts/install.sh $@ '$(DESTDIR)$(PREFIX)'

man: build/forklab
	@mkdir -p build/man/man1 build/man/man7
	@build/forklab manual 1 >build/man/man1/forklab.1
	@build/forklab manual 7 >build/man/man7/forklab-labs.7
	@echo 'man -M build/man forklab; man -M build/man forklab-labs'

clean:
	@rm -rf build

##
## LIBC=musl with labs, lab-N, solution-N, check-N, stress-N: built with musl
## Start with: make setup labs; then: make lab-31. More: build/forklab --help

# One message where the compiler or a library is missing, instead of many.
build/ready: harness/scripts/setup.sh
	@sh harness/scripts/setup.sh --probe
	@mkdir -p build/harness build/labs build/solutions build/attempts \
	    build/tests/unit build/tests/programs
	@touch $@

build/forklab: $(runner)
	$(say) $(CC) $(CFLAGS) -pthread $(LDFLAGS) -o $@ $^ $(libraries) $(LDLIBS)

$(runner): build/%.o: %.c | build/ready
	@mkdir -p $(@D)
	$(say) $(compile) $(package_cflags) -iquote harness -c -o $@ $<

linked_with_runner = $(say) $(compile) $(package_cflags) -iquote harness $(LDFLAGS) \
    -o $@ $(filter %.c %.o,$^) $(libraries) $(LDLIBS)
build/bench: harness/bench/bench.c build/harness/base/svg.o build/harness/base/escape.o
	$(linked_with_runner)

$(unit_tests): build/%: harness/%.c $(filter-out build/harness/main.o,$(runner))
	$(linked_with_runner)

build/tests/maze/maze: $(wildcard harness/tests/maze/*.[ch]) | build/ready
	@mkdir -p $(@D)
	$(say) $(compile) -Ilabs -o $@ $(filter %.c,$^)

$(test_programs): build/%: harness/%.c | build/ready
	$(say) $(compile) -Ilabs -iquote harness -o $@ $<

# The shared object of a lab, for its programs and those made from them, which
# start with the same number. It is found beside them, or in labs/ next to them,
# and loaded at the start only by a program that calls it (not: by dlopen).
object = $(patsubst %.c,$(1)/%,$(wildcard labs/$(firstword \
    $(subst -, ,$(notdir $(2))))-*.so.c))
origin = -Wl,-rpath,'$$ORIGIN:$$ORIGIN/../labs:$$ORIGIN/../../labs'
linked = $(foreach so,$(filter %.so,$^), \
    -Wl,--as-needed -L$(dir $(so)) -l:$(notdir $(so)) $(origin))

# forklab knows what a word in a Needs: line asks of the compiler. A lab that
# cannot be built here is left out; the runner says why it skips it.
declared = $(shell sed -n '/\*\//q; s/^ \* Needs: *//p' $< | tr ',' ' ')
left_out = echo "  $@ is left out: $$needs is missing (make setup)"
ask = @needs=$$(CC='$(CC)' build/forklab needs$(musl) $(declared)) || { \
    test $$? -eq 3 || exit 1; rm -f $@; $(left_out); exit 0; }; \
    $(if $(V),set -x,echo '  $@');

# With musl a lab has only libc. A machine whose own compiler is for musl needs no
# musl-gcc, which knows no headers of Linux: those of the machine come last.
MUSL_CC ?= $(if $(filter %musl,$(shell $(CC) -dumpmachine)),$(CC),musl-gcc)
build/musl/%: cc = $(MUSL_CC) $(if $(filter musl-gcc,$(MUSL_CC)), \
    -idirafter /usr/include -idirafter /usr/include/$(shell $(CC) -print-multiarch))
build/musl/%: musl = $() --libc musl
build/musl/%: left_out = :
build/musl/ready: build/forklab
	@MUSL_CC='$(MUSL_CC)' sh harness/scripts/setup.sh --probe musl
	@mkdir -p build/musl/labs build/musl/solutions build/musl/attempts \
	    build/musl/tests/mutants
	@touch $@

program = $(if $(declared),$(ask),$(say)) \
    $(compile) -Ilabs $(LDFLAGS) -o $@ $< $(if $(declared),$$needs) $(linked)

# The tests write damaged solutions, mutants.
define programs_below
$(patsubst %.c,$(1)/%,$(sources) $(tried)): $(1)/%: %.c \
    $$$$(call object,$(1),$$$$@) | build/forklab $(1)/ready
	$$(program)

$(1)/tests/mutants/%: build/tests/mutants/%.c \
    $$$$(call object,$(1),$$$$@) | build/forklab $(1)/ready
	$$(program)

$(patsubst %.c,$(1)/%,$(objects)): $(1)/%: %.c | $(1)/ready
	$$(say) $$(compile) -Ilabs $$(LDFLAGS) -shared -fPIC -Wl,-soname,$$(@F) -o $$@ $$<
endef
$(foreach below,build build/musl,$(eval $(call programs_below,$(below))))

# Anything else: what may have been meant, where forklab is there to say it.
.DEFAULT:
	@asked='$(subst ','\'',$@)'; \
	! test -x build/forklab || exec build/forklab meant "$$asked"; \
	printf "error: there is no target '%s'.\n  make help   shows them all\n" \
	    "$$asked" >&2; exit 2

# What is installed in the same go must be there before it is used.
ifneq ($(filter setup,$(MAKECMDGOALS)),)
.NOTPARALLEL:
endif

-include $(wildcard build/*/*.d build/*/*/*.d)
