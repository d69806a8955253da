// An input driver for Xorg: a pen that measures pressure and tilt, as tablets do and the server's own `inputtest` does not. Option
// "Pipe" names the pipe in which a test writes what the pen does.

#include <xorg-server.h>

#include <X11/Xatom.h>
#include <exevents.h>
#include <fcntl.h>
#include <unistd.h>
#include <xf86.h>
#include <xf86Xinput.h>
#include <xserver-properties.h>

#include "tests/gui/tilting_pen.h"

static void initialise(DeviceIntPtr device) {
    static const struct {
        const char* label;
        int low, high;
    } axes[] = {{AXIS_LABEL_PROP_ABS_X, 0, 65535},
                {AXIS_LABEL_PROP_ABS_Y, 0, 65535},
                {AXIS_LABEL_PROP_ABS_PRESSURE, 0, 1000},
                {AXIS_LABEL_PROP_ABS_TILT_X, -64, 63},
                {AXIS_LABEL_PROP_ABS_TILT_Y, -64, 63}};
    Atom labels[TILTING_PEN_AXES], tip = XIGetKnownProperty(BTN_LABEL_PROP_BTN_LEFT);
    CARD8 map[2] = {0, 1};
    for (int i = 0; i < TILTING_PEN_AXES; ++i) labels[i] = XIGetKnownProperty(axes[i].label);
    InitButtonClassDeviceStruct(device, 1, &tip, map);
    InitValuatorClassDeviceStruct(device, TILTING_PEN_AXES, labels, GetMotionHistorySize(), Absolute);
    for (int i = 0; i < TILTING_PEN_AXES; ++i) {
        xf86InitValuatorAxisStruct(device, i, labels[i], axes[i].low, axes[i].high, 1, 0, 1, Absolute);
        xf86InitValuatorDefaults(device, i);
    }
    InitProximityClassDeviceStruct(device);
    InitPtrFeedbackClassDeviceStruct(device, (PtrCtrlProcPtr)NoopDDA);
}

static int control(DeviceIntPtr device, int what) {
    InputInfoPtr info = device->public.devicePrivate;
    if (what == DEVICE_INIT) initialise(device);
    if (what == DEVICE_ON) xf86AddEnabledDevice(info);
    if (what == DEVICE_OFF) xf86RemoveEnabledDevice(info);
    device->public.on = what == DEVICE_ON;
    return Success;
}

static void read_pipe(InputInfoPtr info) {
    struct TiltingPenEvent event;
    ValuatorMask* mask = valuator_mask_new(TILTING_PEN_AXES);
    while (read(info->fd, &event, sizeof event) == sizeof event) {
        for (int i = 0; i < TILTING_PEN_AXES; ++i) valuator_mask_set(mask, i, event.axes[i]);
        if (event.what == kTiltingPenNear) xf86PostProximityEventM(info->dev, event.value, mask);
        if (event.what == kTiltingPenMoves) xf86PostMotionEventM(info->dev, Absolute, mask);
        if (event.what == kTiltingPenPresses) xf86PostButtonEventM(info->dev, Absolute, 1, event.value, mask);
    }
    valuator_mask_free(&mask);
}

static int begin(InputDriverPtr driver, InputInfoPtr info, int flags) {
    (void)driver, (void)flags;
    char* pipe = xf86SetStrOption(info->options, "Pipe", "");
    info->type_name = XI_TABLET;
    info->device_control = control;
    info->read_input = read_pipe;
    info->fd = open(pipe, O_RDWR | O_NONBLOCK | O_CLOEXEC);  // for writing too, so that it has no end
    free(pipe);
    return info->fd < 0 ? BadValue : Success;
}

static void end(InputDriverPtr driver, InputInfoPtr info, int flags) {
    (void)driver;
    close(info->fd);
    xf86DeleteInput(info, flags);
}

static InputDriverRec driver = {1, "tiltpen", NULL, begin, end, NULL, NULL, 0};

static void* set_up(void* module, void* options, int* major, int* minor) {
    (void)options, (void)major, (void)minor;
    xf86AddInputDriver(&driver, module, 0);
    return module;
}

static XF86ModuleVersionInfo version = {"tiltpen", MODULEVENDORSTRING, MODINFOSTRING1, MODINFOSTRING2, XORG_VERSION_CURRENT, 1, 0, 0,
                                        ABI_CLASS_XINPUT, ABI_XINPUT_VERSION, MOD_CLASS_XINPUT, {0, 0, 0, 0}};

_X_EXPORT XF86ModuleData tiltpenModuleData = {&version, set_up, NULL};
