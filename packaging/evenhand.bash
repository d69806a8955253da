# Completion of evenhand's commands and options, as its own --help tells them; files elsewhere.
_evenhand() {
  local current=${COMP_WORDS[COMP_CWORD]} words=() word
  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case $word in -*|*/*|*.*) ;; *) words+=("$word"); [ ${#words[@]} -lt 2 ] || break ;; esac
  done
  local help
  help=$(evenhand "${words[@]}" --help 2>/dev/null) || help=$(evenhand "${words[@]:0:1}" --help 2>/dev/null) || return
  if [[ $current == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$(grep -oE -- '^ +(-[a-z],)?--[a-z-]+' <<<"$help" | grep -oE -- '--[a-z-]+')" -- "$current")
  else
    mapfile -t COMPREPLY < <(compgen -W "$(sed -n '/^Subcommands:/,/^$/s/^  \([a-z]\+\).*/\1/p' <<<"$help")" -- "$current")
    [ ${#COMPREPLY[@]} -gt 0 ] || mapfile -t COMPREPLY < <(compgen -f -- "$current")
  fi
}
complete -o filenames -F _evenhand evenhand
