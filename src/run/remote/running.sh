# running UNIT: whether it runs. A manager too busy to answer prints nothing, which is no sign that the unit has ended: it is
# asked again, and exit status 77 says that it never answered.
SILENT_ANSWERS=50
running() {
  asked=0
  while [ "$asked" -lt "$SILENT_ANSWERS" ]; do
    case $(systemctl is-active "$1" 2>/dev/null) in
      inactive | failed | unknown) return 1 ;;
      ?*) return 0 ;;
    esac
    asked=$((asked + 1))
    sleep 0.1
  done
  exit 77
}
