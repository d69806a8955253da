#pragma once

// What makes one generated head another than the mean before its measures warp it: forms that no landmark
// holds (lips, bridge, cheeks, ears) and what the years do to a face. Lengths in mm along the canonical head;
// all 0 is the mean head.

namespace face {

/// One's brows, against the drawn ones of the mean head.
struct BrowForm {
    double arch = 0;       ///< mm the apex stands higher
    double apex = 0.66;    ///< share of the length where it stands
    double tilt = 0;       ///< mm the tail stands higher than the head
    double thickness = 1;  ///< share
    double length = 1;     ///< share
    double gap = 0;        ///< mm the head lies further from the midline
    double density = 1;    ///< share of the mean count of hairs
    double lean = 0;       ///< degrees that the hairs stand steeper
    double bare_tail = 0;  ///< share of the tail's hairs that are gone
};

struct HeadForm {
    // Profile: where the landmarks of the midline lie before (+) or behind the mean.
    double brow_ridge = 0, nose_root = 0, nose_hump = 0, upper_lip = 0, lower_lip = 0, chin = 0;
    double tip_lift = 0;      ///< of the nose's lobule over its wings: > 0 turned up, < 0 drooping
    double bridge_width = 0;  ///< each side
    double tip_width = 0;     ///< each side of the lobule
    double lip_fullness = 0;  ///< of the red of both lips
    double cheek = 0;         ///< fullness below the cheekbone; < 0 hollow
    double cheekbone = 0;     ///< forwards and outwards
    double temple = 0;        ///< fullness; < 0 hollow
    double jaw = 0;           ///< fullness of the mandible's border
    double chin_width = 0;    ///< each side
    double eye_tilt = 0;      ///< outer canthus over the inner, beyond the mean
    double eye_depth = 0;     ///< lids and orbit lie deeper
    double lid_fold = 0;      ///< 0 = the mean supratarsal fold, -1 = none, 1 = twice
    double brow_height = 0;
    double orbit_fullness = 0;  ///< of the skin between brow and lid's crease; the mean head's is hollow
    BrowForm brow;
    double ear_size = 0;       ///< share: 0.1 is a tenth larger
    double ear_stand_off = 0;  ///< of the helix from the head
    double neck_width = 0;     ///< each side
    double larynx = 0;         ///< prominence beyond the mean woman's

    /// 0 = no trace of age, 1 = that of about 70 years.
    double ageing = 0;
};

}  // namespace face
