/**
 * A `CollationVersions` as JSON, of the libraries that the asked server has loaded. Collations of libc all have the version of glibc;
 * those of ICU, in what `und-x-icu` has, the version of its rules.
 */
export const COLLATIONS_SQL = `json_strip_nulls(json_build_object(
    'icu', (SELECT max(pg_collation_actual_version(oid)) FROM pg_collation WHERE collname = 'und-x-icu' AND collprovider = 'i'),
    'libc', (SELECT max(pg_collation_actual_version(oid)) FROM pg_collation WHERE collprovider = 'c')))`
