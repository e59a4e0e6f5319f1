# SPDX-License-Identifier: MIT
#
# For an installed forklab: in the directory where your attempts are, the pages'
# make lab-31, make check-31 and so on work as they do in a checkout.

MAKEFLAGS += --no-builtin-rules --no-print-directory
FORKLAB ?= forklab
.PHONY: help list labs doctor grade
help:
	@$(FORKLAB) --help

list doctor grade:
	@$(FORKLAB) $@

labs:
	@$(FORKLAB) run --all

lab-%:
	@$(FORKLAB) run '$*'

solution-%:
	@$(FORKLAB) run '$*' --solution

check-%:
	@$(FORKLAB) check '$*' $(if $(SEED),--seed '$(SEED)') \
	    $(if $(RUNS),--runs '$(RUNS)')

define verb
$(1)-%:
	@$$(FORKLAB) $(1) '$$*'
endef
$(foreach name,diff try reset explain hint watch stress,$(eval $(call verb,$(name))))
