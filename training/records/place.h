#pragma once

// Where a store is: a file on this machine, or a PostgreSQL server by URL. A password never leaves here but towards the server.

#include "engine/base/files.h"

#include <string>
#include <vector>

namespace records {

/// How long a server is waited for.
struct Patience {
    int connect_s = 10;    ///< until it lets us in; `connect_timeout` in a URL goes before it
    double answer_s = 20;  ///< until it answers a statement
};

struct Place {
    base::fs::path file;   ///< SQLite; empty for a server
    /// libpq's options of a server, a word and its value each; empty for a file.
    struct Option {
        std::string word, value;
    };
    std::vector<Option> options;
    Patience patience;

    bool is_server() const { return !options.empty(); }
    /// For people: the file, or the URL without password, as "postgresql://anna@host:5432/school".
    std::string name() const;
    /// A message of the database with the password blotted out.
    std::string without_secrets(std::string message) const;
};

/// `text`: "postgresql://USER@HOST/DATABASE" as libpq reads it, "sqlite:FILE" or a file's path. Refuses other kinds and URLs
/// whose password would be taken for something else (it holds @ or / as they are), without repeating any part of them.
base::Result<Place> parse_place(const std::string& text, Patience patience = {});

}  // namespace records
