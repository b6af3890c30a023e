#pragma once

#include "log/yl-log-door.h"

G_BEGIN_DECLS

/*
 * The log for stock `git clone` and `git fetch`: the reading half of git's smart HTTP protocol, version 0 (git's
 * Documentation/gitprotocol-http and gitprotocol-pack). Read-only: there is nothing here that receives a pack.
 */
#define YL_GIT_REQUEST_MAX (1024 * 1024)

/** yl_git_serve_refs: the advertisement: HEAD, every ref, what this server can do. What waits to be logged is logged first. */
GBytes *yl_git_serve_refs (YlStore *store, GError **error);
/**
 * yl_git_serve_pack: the answer to an upload-pack request: which of the caller's commits are here, or the pack of what it lacks.
 * Errors: YL_ERROR_INVALID for a request that is malformed, asks for what no ref names, or wants a part of the history.
 */
GBytes *yl_git_serve_pack (YlStore *store, GBytes *request, GError **error);

G_END_DECLS
